// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.lab;

import java.nio.file.Files;
import java.nio.file.Path;

/** What an experiment needs, and a host may lack. */
enum Need {
    APPARMOR(
            "a kernel that has AppArmor in use, and apparmor_parser",
            "/sys/kernel/security/apparmor/profiles"),
    SELINUX(
            "a kernel that has SELinux in use, with a policy that knows containers",
            "/sys/fs/selinux/enforce");

    private final String words;
    private final Path sign;

    Need(String words, String sign) {
        this.words = words;
        this.sign = Path.of(sign);
    }

    String words() {
        return words;
    }

    boolean isMet() {
        return Files.exists(sign);
    }
}
