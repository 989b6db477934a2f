package io.jrunc.audit;

import java.util.List;

/** Judges one matter. */
interface Rule {
    /** All that it can find. */
    List<Weakness> weaknesses();

    /** What it does find, by order of the document. */
    List<Finding> judge(Subject subject);
}
