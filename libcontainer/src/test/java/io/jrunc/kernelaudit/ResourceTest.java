// SPDX-License-Identifier: Apache-2.0
package io.jrunc.kernelaudit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.spec.Linux;
import io.jrunc.spec.json.SpecReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourceTest {
    private static List<String> of(String linux) {
        String config = "{\"ociVersion\": \"1.0.0\", \"linux\": " + linux + "}";
        Linux read = SpecReader.read(config.getBytes(StandardCharsets.UTF_8)).linux();
        return Resource.of(read).stream()
                .map(one -> one.kind() + " " + one.reason() + " " + one.details())
                .toList();
    }

    @Test
    void limitsAreReported() {
        assertEquals(
                List.of("mem start old-mem=0 new-mem=2048", "vcpu start old-vcpu=0 new-vcpu=2"),
                of(
                        """
                        {"resources": {"memory": {"limit": 2097152},
                                       "cpu": {"quota": 150000, "period": 100000}}}
                        """));
    }

    @Test
    void devicesAreReported() {
        assertEquals(
                List.of(
                        "cgroup deny class=all acl=\"rwm\"",
                        "cgroup allow class=major category=char maj=0A min=E5 acl=\"rw\"",
                        "cgroup allow class=major category=block maj=08 acl=\"r\"",
                        "cgroup allow class=path path=\"/dev/fuse\" rdev=0A:E5 acl=rwm",
                        "cgroup allow class=path path=2F6465762F61206227 rdev=01:03 acl=rwm"),
                of(
                        """
                        {"resources": {"devices": [
                            {"allow": false, "access": "rwm"},
                            {"allow": true, "type": "c", "major": 10, "minor": 229, "access": "rw"},
                            {"allow": true, "type": "b", "major": 8, "access": "r"}]},
                         "devices": [
                            {"path": "/dev/fuse", "type": "c", "major": 10, "minor": 229},
                            {"path": "/dev/a b'", "type": "c", "major": 1, "minor": 3},
                            {"path": "/dev/pipe", "type": "p"}]}
                        """));
    }

    @Test
    void unlimitedResourcesAreNotReported() {
        assertEquals(
                List.of(),
                of("{\"resources\": {\"memory\": {\"limit\": -1}, \"cpu\": {\"quota\": -1}}}"));
    }
}
