/**
 * The simplest backend that keeps every promise, to be read and copied by whoever writes another: a
 * plain lock for each CPU, a queue of pages, nothing clever. It is no part of the product; the
 * tests of the conformance kit use it to show that the kit accepts what is right and finds what is
 * wrong.
 */
package org.pagewheel.tck.reference;
