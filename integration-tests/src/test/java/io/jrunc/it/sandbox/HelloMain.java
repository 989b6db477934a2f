// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.sandbox;

/** A program in a Java archive. */
public final class HelloMain {
    private HelloMain() {}

    /** Says which arguments it has, and how much memory. */
    public static void main(String[] args) {
        long mebibytes = Runtime.getRuntime().maxMemory() >> 20;
        System.out.println(
                String.join(",", args) + (mebibytes < 512 ? " limited" : " " + mebibytes));
    }
}
