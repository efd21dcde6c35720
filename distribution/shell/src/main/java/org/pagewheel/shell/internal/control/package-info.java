/**
 * The control socket: how this user's other processes reach one that records. {@code ps}, {@code
 * ctl} and {@code shell} are its clients; a server listens in each process whose launcher or agent
 * opens one.
 *
 * <h2>Trust</h2>
 *
 * A Unix socket in a directory that belongs to this user and that nobody else can enter, with mode
 * 0600. Both sides ask the kernel who the other is, {@code SO_PEERCRED}, and hang up on anybody but
 * their own user, root included: a directory may be opened up by mistake, and a name in it may lead
 * to another user's process.
 *
 * <h2>Protocol</h2>
 *
 * Frames of a letter, a length of four bytes and that many bytes, at most 64 KiB. The server begins
 * with its version. Then the client sends one request at a time, and waits for the answer:
 *
 * <pre>
 *   client                              server
 *                                       V version
 *   S                                   S status, a line for each thing
 *   C line, up to the cursor            C candidates, a line each
 *   X columns, a line end, commands     O output, E error output, ... R exit status and complaint
 *   I (while commands run: Ctrl-C)
 * </pre>
 *
 * <h2>How a client does no harm</h2>
 *
 * One thread moves all bytes and never waits for a client; commands run on a thread for each
 * client. What a client does not read waits in a buffer of bounded size, and then its command
 * waits. The number of clients is bounded; when one more comes, the one that has been stuck for
 * longest goes.
 */
package org.pagewheel.shell.internal.control;
