// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v2;

import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.linux.Errno;
import io.jrunc.spec.HugepageLimit;
import java.util.List;
import java.util.Set;

/** {@code linux.resources.hugepageLimits} on v2. */
final class HugetlbController {
    private HugetlbController() {}

    static void apply(CgroupDir dir, List<HugepageLimit> limits) {
        for (HugepageLimit limit : limits) {
            String file = "hugetlb." + limit.pageSize();
            String bytes = Long.toUnsignedString(limit.limit());
            dir.write(file + ".max", bytes);
            // Linux 5.7: what is reserved but not yet touched counts, too.
            dir.attempt(file + ".rsvd.max", bytes, Errno.ENOENT);
        }
    }

    /** Adds the files that hold {@code limits}. */
    static void files(Set<String> files, List<HugepageLimit> limits) {
        for (HugepageLimit limit : limits) {
            files.add("hugetlb." + limit.pageSize() + ".max");
            files.add("hugetlb." + limit.pageSize() + ".rsvd.max");
        }
    }
}
