// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.cgroup.Hierarchies;
import io.jrunc.cli.output.SurveyText;
import io.jrunc.cli.output.Users;
import io.jrunc.host.Host;
import io.jrunc.host.survey.Fact;
import io.jrunc.host.survey.Facts;
import io.jrunc.host.survey.HostSurvey;
import io.jrunc.spec.Spec;
import java.util.ArrayList;
import java.util.List;

/** Shows what this host offers to containers, and what follows from each thing it lacks. */
public final class InfoCommand extends Command {
    public InfoCommand() {
        super("info", "Shows what this host offers, and what follows from what it lacks.");
    }

    @Override
    public void describe(Syntax syntax) {
        syntax.option("text|json", "how to print it", "--format");
    }

    @Override
    public int run(Context context, Arguments arguments) {
        boolean json = wantsJson(arguments, "text");
        List<Fact> facts = new ArrayList<>(program(context));
        int uid = Host.effectiveUid();
        HostSurvey.Caller caller =
                new HostSurvey.Caller(uid, new Users().name(uid), Host.isInUserNamespace());
        facts.addAll(
                new HostSurvey(
                                context.kernel(),
                                "",
                                Hierarchies.read(context.launcher().cgroups()),
                                caller,
                                context.request().variable("PATH"))
                        .facts());
        SurveyText survey = new SurveyText(facts);
        context.print(json ? survey.json() : survey.text());
        return 0;
    }

    private static List<Fact> program(Context context) {
        Facts facts = new Facts("jrunc");
        facts.text("version", Version.NUMBER);
        facts.text("commit", System.getProperty("jrunc.commit", "unknown"));
        facts.text("spec", Spec.VERSION);
        facts.text("root", context.options().root());
        facts.text("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        facts.text("java_home", System.getProperty("java.home"));
        Version.Archive archive = Version.Archive.ofThisProcess(context.kernel());
        facts.text("archive", archive.words());
        if (archive != Version.Archive.USED) {
            facts.missing(
                    "class-data archive",
                    "each command takes three times as long to start",
                    "run bin/jrunc-setup");
        }
        return facts.all();
    }
}
