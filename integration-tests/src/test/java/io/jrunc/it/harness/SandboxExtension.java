// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Skips a test whose host lacks something; gives every other one its {@link Sandbox}, and a
 * resident runtime if it is to be served.
 */
public final class SandboxExtension
        implements ExecutionCondition, BeforeEachCallback, AfterEachCallback {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        var requires = AnnotationSupport.findAnnotation(context.getElement(), Requires.class);
        if (requires.isPresent()) {
            for (Feature feature : requires.get().value()) {
                if (!feature.isThere()) {
                    return ConditionEvaluationResult.disabled(feature.reason());
                }
            }
        }
        if (!Files.isExecutable(Path.of(Program.path()))) {
            throw new IllegalStateException(
                    "there is no program to test; run mvn package first: " + Program.path());
        }
        return ConditionEvaluationResult.enabled("this host has what the test needs");
    }

    /** That of the whole run; it ends with the run. */
    private static SharedServer server(ExtensionContext context) {
        return context.getRoot().getStore(Namespace.GLOBAL).computeIfAbsent(SharedServer.class);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        server(context).provideFor(context.getRequiredTestClass());
        Sandbox.open();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        try {
            Sandbox.current().close();
        } finally {
            server(context).assertAlive();
        }
    }
}
