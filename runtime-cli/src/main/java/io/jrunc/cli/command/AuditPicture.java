// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.cli.output.AuditReport;
import io.jrunc.cli.page.AuditPage;
import io.jrunc.cli.page.Document;
import io.jrunc.cli.page.Sarif;
import io.jrunc.container.Container;
import io.jrunc.container.model.Bundle;
import java.util.Optional;

/** An audit in a format that shows lines of {@code config.json}. */
record AuditPicture(Context context, Arguments arguments, AuditReport report) {
    String printed(String format) {
        boolean isContainer = arguments.has("--container");
        Optional<Document> document = isContainer ? Optional.empty() : Optional.of(document());
        String file = isContainer ? bundleOfContainer() + "/" + Bundle.CONFIG : file();
        if (format.equals("sarif")) {
            return new Sarif(Version.NUMBER, file, document, report.findings()).text();
        }
        String id = arguments.value("--container", "");
        return AuditPage.of(report, isContainer ? "container " + id : file, document);
    }

    /** After {@code --fix} it is another one than before. */
    private Document document() {
        String directory = context.launcher().directory(arguments.value("--bundle", "."));
        String config = arguments.value("--config", Bundle.CONFIG);
        return Document.of(file(), context.document(directory, config));
    }

    /** Returns the file as the caller names it: a service looks for it in the caller's tree. */
    private String file() {
        String config = arguments.value("--config", Bundle.CONFIG);
        String bundle = arguments.value("--bundle", "");
        boolean isWhole = config.startsWith("/") || bundle.isEmpty() || bundle.equals(".");
        return isWhole ? config : bundle + (bundle.endsWith("/") ? "" : "/") + config;
    }

    private String bundleOfContainer() {
        try (Container container = context.containers().load(arguments.value("--container", ""))) {
            return container.ociState("").bundle();
        }
    }
}
