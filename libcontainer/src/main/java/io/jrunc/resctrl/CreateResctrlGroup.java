// SPDX-License-Identifier: Apache-2.0
package io.jrunc.resctrl;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.setup.Actor;
import io.jrunc.setup.Rollback;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.IntelRdt;

/**
 * Makes the container's resctrl group, or makes sure that the one which exists is as it is to be.
 */
public record CreateResctrlGroup(ResctrlGroup group, IntelRdt rdt) implements Step {
    private static final String FIELD = "linux.intelRdt";

    @Override
    public Actor actor() {
        return Actor.RUNTIME;
    }

    @Override
    public String title() {
        return group.own() || !isPrepared()
                ? "create the resctrl group " + group.directory()
                : "look up the resctrl group " + group.directory();
    }

    @Override
    public String field() {
        return FIELD;
    }

    /** Returns whether the group must exist: its name is given, and not what is to be in it. */
    private boolean isPrepared() {
        return !group.own() && Schemata.of(rdt).isEmpty();
    }

    @Override
    public void apply(SetupContext context) {
        Kernel kernel = context.runtime();
        Resctrl resctrl = new Resctrl(kernel.files(), group.mountPoint());
        Schemata wanted = Schemata.of(rdt);
        String schemata = group.directory() + "/schemata";
        if (isPrepared()) {
            requireThere(kernel);
        } else if (resctrl.make(group.directory())) {
            context.rollback().push(new Removal(kernel, group.directory()));
            if (!wanted.isEmpty()) {
                resctrl.write(schemata, wanted.text());
            }
        } else if (group.own()) {
            throw ResctrlGroup.exists(group.directory());
        } else {
            compare(wanted, Schemata.parse(resctrl.files().readText(schemata)));
        }
        if (group.monitoring().isPresent()) {
            makeMonitoring(context, resctrl, group.monitoring().get());
        }
    }

    private static void makeMonitoring(SetupContext context, Resctrl resctrl, String path) {
        if (!resctrl.make(path)) {
            throw ResctrlGroup.exists(path);
        }
        context.rollback().push(new Removal(context.runtime(), path));
    }

    private void requireThere(Kernel kernel) {
        if (!kernel.files().exists(group.directory())) {
            throw Failure.invalid(
                    FIELD + ".closID",
                    "the resctrl group " + group.directory() + " does not exist",
                    "make it, or write schemata, and it will be made");
        }
    }

    private void compare(Schemata wanted, Schemata actual) {
        String difference = wanted.differenceIn(actual);
        if (!difference.isEmpty()) {
            throw Failure.invalid(
                    FIELD + ".closID",
                    "the resctrl group "
                            + group.directory()
                            + " exists and is another: it has "
                            + difference,
                    "write what it has, or choose another closID");
        }
    }

    /** A group that was made for a container which will not be. */
    private record Removal(Kernel kernel, String path) implements Rollback.Action {
        @Override
        public void undo() {
            kernel.directories().rmdir(kernel.files().here(), path).tolerate(Errno.ENOENT).submit();
        }
    }
}
