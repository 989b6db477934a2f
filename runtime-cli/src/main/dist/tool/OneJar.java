// SPDX-License-Identifier: Apache-2.0
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.JSRInlinerAdapter;

/**
 * Puts everything on the class path into one jar, in a form that starts fast: {@code OneJar
 * CLASS_PATH LIB} writes {@code LIB/jrunc.jar}, and beside it the files that are not Java.
 *
 * <p>Classes older than Java 8 get stack maps and version 52. Without them the JVM checks a class
 * with its slow old verifier, and does not put it into a class-data archive: of jnr-ffi nothing
 * would be in it. Records get plain methods, see {@link PlainRecords}. Unit tests run with all
 * classes as they were compiled.
 */
final class OneJar {
    private static final int JAVA_8 = 52;
    private static final String CHILD = "io/jrunc/linux/child/jrunc-child-";
    private static final String JFFI = "jni/" + machine() + "-Linux/";

    /** What the package {@code checkpoint} uses of protobuf-java, which has 750 classes. */
    private static final String PROTOBUF = "com/google/protobuf/";

    private static final List<String> OF_PROTOBUF =
            List.of(
                    "Android",
                    "ByteOutput",
                    "ByteString",
                    "CodedInputStream",
                    "CodedOutputStream",
                    "Internal",
                    "InvalidProtocolBufferException",
                    "IterableByteBufferInputStream",
                    "Java8Compatibility",
                    "UnsafeUtil",
                    "Utf8",
                    "WireFormat",
                    "Writer");

    /** By name; the first of that name on the class path counts. */
    private final Map<String, byte[]> entries = new TreeMap<>();

    private final Map<String, String> superclasses = new HashMap<>();
    private final Path lib;

    private OneJar(Path lib) {
        this.lib = lib;
    }

    public static void main(String[] args) throws IOException {
        OneJar jar = new OneJar(Path.of(args[1]));
        Files.createDirectories(jar.lib);
        for (String place : args[0].split(":")) {
            jar.read(Path.of(place));
        }
        jar.upgrade();
        jar.write();
    }

    private static String machine() {
        String name = System.getProperty("os.arch");
        return name.equals("amd64") ? "x86_64" : name;
    }

    private void read(Path place) throws IOException {
        if (Files.isDirectory(place)) {
            try (Stream<Path> files = Files.walk(place).filter(Files::isRegularFile)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    add("classes", place.relativize(file).toString(), Files.readAllBytes(file));
                }
            }
            return;
        }
        try (ZipFile zip = new ZipFile(place.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (!entry.isDirectory()) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        add(place.getFileName().toString(), entry.getName(), in.readAllBytes());
                    }
                }
            }
        }
    }

    private void add(String origin, String name, byte[] content) throws IOException {
        if (name.startsWith(CHILD) || name.startsWith(JFFI)) {
            Files.write(lib.resolve(name.substring(name.lastIndexOf('/') + 1)), content);
        } else if (name.startsWith("META-INF/services/")) {
            entries.merge(name, content, OneJar::joined);
        } else if (name.startsWith("META-INF/")) {
            if (name.contains("LICENSE") || name.contains("NOTICE")) {
                entries.putIfAbsent("META-INF/" + origin + name.substring(8), content);
            }
        } else if (isWanted(name) && entries.putIfAbsent(name, content) == null) {
            if (name.endsWith(".class")) {
                ClassReader reader = new ClassReader(content);
                boolean isInterface = (reader.getAccess() & Opcodes.ACC_INTERFACE) != 0;
                superclasses.put(
                        reader.getClassName(),
                        isInterface ? "java/lang/Object" : reader.getSuperName());
            }
        }
    }

    /** Several libraries may provide the same service. */
    private static byte[] joined(byte[] first, byte[] second) {
        return (new String(first, UTF_8) + '\n' + new String(second, UTF_8)).getBytes(UTF_8);
    }

    /** Not the libraries for other machines, nor the generators of code, which are switched off. */
    private static boolean isWanted(String name) {
        if (name.startsWith(PROTOBUF)) {
            String outer = name.substring(PROTOBUF.length()).split("[$.]")[0];
            return OF_PROTOBUF.contains(outer);
        }
        for (String prefix : List.of("jni/", "org/objectweb/asm/", "jnr/x86asm/", "jnr/a64asm/")) {
            if (name.startsWith(prefix)) {
                return false;
            }
        }
        return !name.endsWith("-info.class") && !name.endsWith(".java");
    }

    private void upgrade() {
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            byte[] content = entry.getValue();
            if (entry.getKey().endsWith(".class")) {
                ClassReader reader = new ClassReader(content);
                if ("java/lang/Record".equals(reader.getSuperName())) {
                    ClassWriter writer = new Writer();
                    reader.accept(new PlainRecords(writer), ClassReader.SKIP_FRAMES);
                    entry.setValue(writer.toByteArray());
                } else if (version(content) < JAVA_8) {
                    entry.setValue(upgraded(reader));
                }
            }
        }
    }

    private static int version(byte[] content) {
        return (content[6] & 0xff) << 8 | content[7] & 0xff;
    }

    /** Computes stack maps without loading the classes. */
    private final class Writer extends ClassWriter {
        Writer() {
            super(COMPUTE_FRAMES);
        }

        @Override
        protected String getCommonSuperClass(String a, String b) {
            return commonSuperclass(a, b);
        }
    }

    private byte[] upgraded(ClassReader old) {
        ClassWriter writer = new Writer();
        ClassVisitor newer =
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public void visit(
                            int version,
                            int access,
                            String name,
                            String signature,
                            String superName,
                            String[] interfaces) {
                        super.visit(JAVA_8, access, name, signature, superName, interfaces);
                    }

                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String type, String generic, String[] thrown) {
                        return new JSRInlinerAdapter(
                                super.visitMethod(access, name, type, generic, thrown),
                                access,
                                name,
                                type,
                                generic,
                                thrown);
                    }
                };
        old.accept(newer, ClassReader.SKIP_FRAMES);
        return writer.toByteArray();
    }

    private String commonSuperclass(String a, String b) {
        for (String of = a; of != null; of = superclass(of)) {
            for (String other = b; other != null; other = superclass(other)) {
                if (of.equals(other)) {
                    return of;
                }
            }
        }
        return "java/lang/Object";
    }

    private String superclass(String name) {
        if (name.equals("java/lang/Object")) {
            return null;
        }
        String known = superclasses.get(name);
        if (known != null) {
            return known;
        }
        try {
            Class<?> ofJdk = Class.forName(name.replace('/', '.'), false, null);
            Class<?> parent = ofJdk.getSuperclass();
            return parent == null ? "java/lang/Object" : parent.getName().replace('.', '/');
        } catch (ClassNotFoundException e) {
            return "java/lang/Object"; // an optional dependency that is not here
        }
    }

    /** The jar, uncompressed, and a list of our own classes; the same bytes for the same input. */
    private void write() throws IOException {
        StringBuilder ours = new StringBuilder();
        for (String name : entries.keySet()) {
            if (name.startsWith("io/jrunc/") && name.endsWith(".class")) {
                ours.append(name, 0, name.length() - ".class".length()).append('\n');
            }
        }
        Files.writeString(lib.resolve("jrunc.classes"), ours);
        try (OutputStream out = Files.newOutputStream(lib.resolve("jrunc.jar"));
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setMethod(ZipOutputStream.STORED);
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                CRC32 crc = new CRC32();
                crc.update(entry.getValue());
                ZipEntry head = new ZipEntry(entry.getKey());
                head.setSize(entry.getValue().length);
                head.setCrc(crc.getValue());
                head.setTimeLocal(
                        java.time.LocalDateTime.of(
                                1980, 2, 1, 0, 0)); // before, the time zone counts
                zip.putNextEntry(head);
                zip.write(entry.getValue());
            }
        }
    }
}
