// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.compile;

import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.Multiplexer;
import io.jrunc.seccomp.SyscallTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Gathers the rules for each system call of one architecture, and assigns what they decide. */
final class RuleCollector {
    private final Architecture architecture;
    private final DecisionGraph graph;
    private final Decision byDefault;
    private final Precedence precedence;
    private final ArgumentCompiler arguments;
    private final boolean multiplexes;
    private Decision last;

    /** What was gathered, in the profile's order. */
    private final List<Alternative> gathered = new ArrayList<>();

    /** For each of them, {@code number << 32 | place in the list}. */
    private long[] keys = new long[512];

    RuleCollector(Architecture architecture, DecisionGraph graph, Decision byDefault) {
        this.architecture = architecture;
        this.graph = graph;
        this.byDefault = byDefault;
        last = byDefault;
        precedence = new Precedence(architecture);
        arguments = new ArgumentCompiler(architecture, graph);
        multiplexes = Multiplexer.isUsedOn(architecture);
    }

    /** Collects rules, given as parallel lists of their alternatives and their names' indexes. */
    void assign(List<List<Alternative>> rules, List<int[]> names, Intervals numbers) {
        for (int i = 0; i < rules.size(); i++) {
            for (Alternative alternative : rules.get(i)) {
                for (int name : names.get(i)) {
                    gather(name, alternative);
                }
            }
        }
        Arrays.sort(keys, 0, gathered.size());
        int end;
        for (int begin = 0; begin < gathered.size(); begin = end) {
            int number = number(begin);
            end = begin + 1;
            while (end < gathered.size() && number(end) == number) {
                end++;
            }
            // The bit of x32 is no sign bit, so numbers are positive.
            numbers.assign(number, number, decide(begin, end));
        }
    }

    private void gather(int name, Alternative alternative) {
        int number = SyscallTable.number(architecture, name);
        if (number != SyscallTable.ABSENT) {
            add(number, alternative);
        }
        if (multiplexes && Multiplexer.covers(name)) {
            add(
                    Multiplexer.number(architecture, name),
                    alternative.multiplexed(Multiplexer.subCall(name)));
        }
    }

    private void add(int number, Alternative alternative) {
        if (gathered.size() == keys.length) {
            keys = Arrays.copyOf(keys, 2 * keys.length);
        }
        keys[gathered.size()] = (long) number << 32 | gathered.size();
        gathered.add(alternative);
    }

    private int number(int i) {
        return (int) (keys[i] >>> 32);
    }

    private Decision decide(int begin, int end) {
        for (int i = begin; i < end; i++) {
            Alternative alternative = gathered.get((int) keys[i]);
            if (alternative.isUnconditional(architecture)) {
                return returning(alternative.value());
            }
        }
        List<Alternative> sorted = new ArrayList<>();
        for (int i = begin; i < end; i++) {
            precedence.insert(sorted, gathered.get((int) keys[i]).simplified(architecture));
        }
        return arguments.decide(sorted, byDefault);
    }

    /** Most rules decide alike. */
    private Decision returning(int value) {
        if (last.constant != value) {
            last = graph.returning(value);
        }
        return last;
    }
}
