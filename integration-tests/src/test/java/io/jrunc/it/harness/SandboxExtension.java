// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Skips a test whose host lacks something; gives every other one its {@link Sandbox}. */
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

    @Override
    public void beforeEach(ExtensionContext context) {
        Sandbox.open();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Sandbox.current().close();
    }
}
