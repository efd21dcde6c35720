/**
 * The bundle's activator and the list of its commands. Below it, arrows point one way: {@code
 * command} and {@code analysis} to {@code declaration}, {@code command} also to {@code demo},
 * {@code recover} and {@code replay}, {@code declaration} and {@code prompt} to {@code terminal},
 * all to {@code print}.
 */
package org.pagewheel.shell.internal;
