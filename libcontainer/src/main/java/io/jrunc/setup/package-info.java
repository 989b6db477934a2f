/**
 * What making a container consists of: an ordered list of steps, each with the field that causes
 * it. Which steps a specification needs is decided in {@code rootfs}, {@code process}, {@code
 * cgroup} and put together in {@code container}; here is only what steps are and how they run.
 */
package io.jrunc.setup;
