package io.jrunc.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jrunc.linux.Failure;
import io.jrunc.spec.DefaultSpec;
import io.jrunc.spec.Spec;
import io.jrunc.spec.SpecReader;
import io.jrunc.spec.SpecWriter;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What is parsed but not carried out is refused by its name. */
class UnsupportedTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final String TABLE =
            """
            process.apparmorProfile       "docker-default"
            process.selinuxLabel          "system_u:system_r:container_t:s0"
            linux.mountLabel              "system_u:object_r:container_file_t:s0"
            """;

    /** The default specification with {@code value} at {@code field}. */
    private static Spec with(String field, String value) throws IOException {
        ObjectNode json =
                (ObjectNode)
                        MAPPER.readTree(SpecWriter.pretty(DefaultSpec.create(false, 0, 0, false)));
        int dot = field.lastIndexOf('.');
        JsonNode parsed = MAPPER.readTree(value);
        json.withObject("/" + field.substring(0, dot).replace('.', '/'))
                .set(field.substring(dot + 1), parsed);
        return SpecReader.read(MAPPER.writeValueAsBytes(json));
    }

    @Test
    void eachFieldIsRefusedByItsName() throws IOException {
        for (String line : TABLE.lines().toList()) {
            String[] parts = line.split(" +", 2);
            Spec spec = with(parts[0], parts[1]);

            Failure failure = assertThrows(Failure.class, () -> Unsupported.refuse(spec), parts[0]);

            assertEquals(
                    parts[0] + ": not supported by this version of jrunc yet; remove it",
                    failure.getMessage());
            assertEquals("unsupported", failure.code());
            assertEquals(parts[0], failure.path());
        }
    }
}
