// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import java.util.List;

/**
 * An entry of the catalogue: one attack.
 *
 * @param id the CVE, or another name where there is none
 * @param against the runtimes on which it worked
 * @param attack what the attacker does, in a sentence
 * @param defence why it fails here, in a sentence
 * @param where the classes that implement the defence, or files relative to the repository
 * @param succeedsAgainst the runtime of Debian 12 against which the suite {@code escapes} of the
 *     virtual machines shows that it works; empty if none is vulnerable
 * @param seenToFail the change of this runtime with which the test failed; empty if that was not
 *     tried
 */
public record Attack(
        String id,
        String against,
        String attack,
        String defence,
        List<String> where,
        String succeedsAgainst,
        String seenToFail) {
    public Attack {
        where = List.copyOf(where);
        succeedsAgainst = succeedsAgainst == null ? "" : succeedsAgainst;
        seenToFail = seenToFail == null ? "" : seenToFail;
    }

    @Override
    public String toString() {
        return id;
    }
}
