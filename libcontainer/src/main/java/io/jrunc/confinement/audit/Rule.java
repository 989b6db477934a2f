// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import java.util.List;

/** Judges one matter. */
interface Rule {
    /** Returns all that it can find. */
    List<FindingType> types();

    /** Returns what it does find, by order of the document. */
    List<Finding> judge(AuditTarget target);
}
