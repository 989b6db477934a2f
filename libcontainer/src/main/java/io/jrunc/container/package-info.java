/**
 * The container and its life: what a program that embeds this library talks to. {@link
 * io.jrunc.container.Containers} finds and creates them; state lies in one directory per container,
 * and what a container's status is, is asked of the kernel.
 */
package io.jrunc.container;
