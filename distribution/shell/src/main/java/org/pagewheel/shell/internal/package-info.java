/**
 * The bundle's activator. Below it, arrows point one way: {@code command} to {@code demo}, {@code
 * recover}, {@code replay} and {@code terminal}, {@code prompt} to {@code terminal}, all to {@code
 * print}.
 */
package org.pagewheel.shell.internal;
