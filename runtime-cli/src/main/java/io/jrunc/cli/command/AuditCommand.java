// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.cgroup.SettableControllers;
import io.jrunc.cli.output.AuditReport;
import io.jrunc.confinement.audit.Audit;
import io.jrunc.confinement.audit.AuditTarget;
import io.jrunc.confinement.audit.Finding;
import io.jrunc.confinement.audit.HostSecurity;
import io.jrunc.confinement.audit.ProcessStatus;
import io.jrunc.confinement.audit.Severity;
import io.jrunc.container.Container;
import io.jrunc.container.model.Bundle;
import io.jrunc.container.model.Status;
import io.jrunc.host.Host;
import io.jrunc.linux.Failure;
import io.jrunc.spec.json.SpecDocument;
import io.jrunc.spec.json.SpecReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Judges how well a container is confined. Changes nothing, but with {@code --fix}. */
public final class AuditCommand extends Command {
    /** The exit status that distinguishes findings from errors. */
    static final int FOUND = 2;

    public AuditCommand() {
        super("audit", "Judges how well a container is confined, and says how to mend it.");
    }

    @Override
    public void describe(Syntax syntax) {
        syntax.option("DIR", "the bundle (default: here)", "-b", "--bundle");
        syntax.option("FILE", "the specification (default: config.json)", "-f", "--config");
        syntax.option(
                "ID",
                "judge this container instead, and what the kernel says of it",
                "--container");
        syntax.option("text|json|html|sarif", "how to print it", "--format");
        syntax.option(
                "critical|high|medium|low|info",
                "exit with status 2 if there is a finding as bad as this",
                "--fail-on");
        syntax.flag("write a config.json with all fixes that need no decision", "--fix");
    }

    @Override
    public Map<String, String> exitStatuses() {
        Map<String, String> statuses = statuses("nothing is as bad as --fail-on", "");
        statuses.put("" + FOUND, "a finding is as bad as --fail-on, or worse");
        return statuses;
    }

    @Override
    public int run(Context context, Arguments arguments) {
        String format = arguments.value("--format", "text");
        if (!List.of("text", "html", "sarif").contains(format)) {
            wantsJson(arguments, "text, html, sarif");
        }
        Optional<Severity> limit =
                arguments.has("--fail-on")
                        ? Optional.of(Severity.parse(arguments.value("--fail-on", ""), "--fail-on"))
                        : Optional.empty();
        AuditReport report =
                arguments.has("--container")
                        ? ofContainer(context, arguments)
                        : ofBundle(context, arguments);
        context.print(printed(report, format, context, arguments));
        return limit.isPresent() && report.hasAtLeast(limit.get()) ? FOUND : 0;
    }

    private static String printed(
            AuditReport report, String format, Context context, Arguments arguments) {
        return switch (format) {
            case "json" -> report.json();
            case "html", "sarif" -> new AuditPicture(context, arguments, report).printed(format);
            default -> report.text();
        };
    }

    private static AuditReport ofContainer(Context context, Arguments arguments) {
        for (String other : List.of("--fix", "--bundle", "--config")) {
            if (arguments.has(other)) {
                throw Failure.of(
                        Failure.Code.USAGE,
                        "--container and "
                                + other
                                + " exclude each other; audit the bundle, and make the container"
                                + " anew");
            }
        }
        String id = arguments.value("--container", "");
        try (Container container = context.containers().load(id)) {
            AuditTarget target =
                    new AuditTarget(
                            container.spec(),
                            container.ociState("").bundle(),
                            container.resources(),
                            hostSecurity(context.host()),
                            status(context, container));
            return new AuditReport(new Audit(context.kernel()).judge(target), List.of());
        }
    }

    /** Returns what the kernel says of init once it is the program; before, it is still ours. */
    private static Optional<ProcessStatus> status(Context context, Container container) {
        Status status = container.status();
        return status == Status.RUNNING || status == Status.PAUSED
                ? Optional.of(
                        ProcessStatus.parse(
                                context.kernel()
                                        .files()
                                        .readText("/proc/" + container.initPid() + "/status")))
                : Optional.empty();
    }

    /** The document is not checked: a label is judged also where it could not be set. */
    private static AuditReport ofBundle(Context context, Arguments arguments) {
        String directory = context.launcher().directory(arguments.value("--bundle", "."));
        String config = arguments.value("--config", Bundle.CONFIG);
        byte[] json = context.document(directory, config);
        HostSecurity host = hostSecurity(context.host());
        Audit audit = new Audit(context.kernel());
        List<Finding> findings = audit.judge(target(json, directory, host));
        if (!arguments.has("--fix")) {
            return new AuditReport(findings, List.of());
        }
        SpecDocument document = SpecDocument.parse(json);
        List<Finding> mended = Audit.fix(document, findings);
        byte[] better = document.text();
        List<Finding> left = audit.judge(target(better, directory, host));
        if (!mended.isEmpty()) {
            context.replace(config.startsWith("/") ? config : directory + "/" + config, better);
        }
        return new AuditReport(left, mended);
    }

    private static AuditTarget target(byte[] json, String directory, HostSecurity host) {
        return AuditTarget.ofBundle(SpecReader.read(json), directory, host);
    }

    private static HostSecurity hostSecurity(Host host) {
        return new HostSecurity(
                host.facts().selinux(),
                host.facts().apparmor(),
                SettableControllers.among(SpecCommand.LIMITED, host.hierarchies()));
    }
}
