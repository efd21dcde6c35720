/**
 * The simplest backend that keeps every promise: a plain lock for each CPU, a queue of pages,
 * nothing clever. It is no part of the product; the tests of the conformance kit use it to show
 * that the kit accepts what is right and finds what is wrong.
 *
 * <p>{@code distribution/examples/backend} is much the same once more, on purpose: that is to be
 * copied by whoever writes another backend, so it is a project of its own, and the kit, which that
 * is tested with, cannot rest on it.
 */
package org.pagewheel.tck.reference;
