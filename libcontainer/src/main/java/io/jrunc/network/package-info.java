/**
 * Network devices that move into a container: messages to the kernel over netlink(7), what they ask
 * of devices and addresses, and the step that moves. That a namespace exists and its loopback is up
 * is the business of {@code process}.
 */
package io.jrunc.network;
