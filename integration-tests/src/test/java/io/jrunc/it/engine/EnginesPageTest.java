// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jrunc.it.harness.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The examples of docs/engines.md that no engine reads in a test fit each other. */
class EnginesPageTest {
    private static final int RUNTIME_CLASS = 0;
    private static final int POD = 1;

    /** The documents of the only example in YAML. */
    private static List<JsonNode> manifests() {
        List<String> examples = EnginesPage.examples("yaml");
        assertEquals(1, examples.size());
        List<JsonNode> manifests = new ArrayList<>();
        new Yaml(new SafeConstructor(new LoaderOptions()))
                .loadAll(examples.get(0))
                .forEach(manifest -> manifests.add(Json.of(manifest)));
        return manifests;
    }

    private static Set<String> fields(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Source: RuntimeClass v1 of node.k8s.io; the handler is a DNS label (RFC 1123). */
    @Test
    void runtimeClassHasTheFieldsOfKubernetes() {
        JsonNode runtimeClass = manifests().get(RUNTIME_CLASS);

        assertEquals(Set.of("apiVersion", "handler", "kind", "metadata"), fields(runtimeClass));
        assertEquals("node.k8s.io/v1", runtimeClass.path("apiVersion").asText());
        assertEquals("RuntimeClass", runtimeClass.path("kind").asText());
        assertTrue(runtimeClass.path("handler").asText().matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?"));
    }

    @Test
    void podNamesTheRuntimeClass() {
        JsonNode pod = manifests().get(POD);

        assertEquals("v1 Pod", pod.path("apiVersion").asText() + " " + pod.path("kind").asText());
        assertEquals(
                manifests().get(RUNTIME_CLASS).at("/metadata/name"),
                pod.at("/spec/runtimeClassName"));
        JsonNode container = pod.at("/spec/containers/0");
        assertEquals(Set.of("command", "image", "name"), fields(container));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void handlerIsTheNameInContainerdsConfiguration(int version) {
        String handler = manifests().get(RUNTIME_CLASS).path("handler").asText();
        String table = ".containerd.runtimes." + handler;

        String configuration = EnginesPage.containerd(version);

        assertTrue(configuration.contains(table + "]\n"), configuration);
        assertTrue(configuration.contains(table + ".options]\n"), configuration);
    }

    @Test
    void handlerIsTheNameInTheConfigurationOfCriO() {
        String handler = manifests().get(RUNTIME_CLASS).path("handler").asText();
        String table = "[crio.runtime.runtimes." + handler + "]\n";

        assertTrue(
                EnginesPage.examples("toml").stream().anyMatch(text -> text.contains(table)),
                table);
    }
}
