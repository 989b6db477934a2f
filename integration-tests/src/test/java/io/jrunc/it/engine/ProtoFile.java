// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.engine;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The messages of a {@code .proto} file in proto3 that has enumerations and flat messages: fields
 * of one type, repeated fields, and maps of strings. Anything else is refused.
 */
final class ProtoFile {
    private static final Pattern COMMENT = Pattern.compile("//[^\n]*");
    private static final Pattern HEAD =
            Pattern.compile("\\s*syntax = \"proto3\";\\s*package ([\\w.]+);\\s*");
    private static final Pattern BLOCK =
            Pattern.compile("\\s*(message|enum) (\\w+) \\{([^}]*)}\\s*");
    private static final Pattern FIELD =
            Pattern.compile("\\s*(repeated )?(map<string, string>|\\w+) (\\w+) = (\\d+)\\s*");
    private static final Pattern VALUE = Pattern.compile("\\s*(\\w+) = (\\d+)\\s*");

    private final FileDescriptorProto.Builder file =
            FileDescriptorProto.newBuilder().setSyntax("proto3");
    private final Set<String> enumerations = new HashSet<>();

    private ProtoFile() {}

    /** Returns what a file with this text describes. */
    static FileDescriptor parse(String text) {
        try {
            return FileDescriptor.buildFrom(new ProtoFile().read(text), new FileDescriptor[0]);
        } catch (DescriptorValidationException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private FileDescriptorProto read(String text) {
        String rest = COMMENT.matcher(text).replaceAll("");
        Matcher head = HEAD.matcher(rest);
        require(head.lookingAt(), rest);
        file.setName("messages").setPackage(head.group(1));
        Matcher block = BLOCK.matcher(rest);
        for (int at = head.end(); at < rest.length(); at = block.end()) {
            require(block.find(at) && block.start() == at, rest.substring(at));
            if (block.group(1).equals("enum")) {
                file.addEnumType(enumeration(block.group(2), block.group(3)));
            } else {
                file.addMessageType(message(block.group(2), block.group(3)));
            }
        }
        return file.build();
    }

    private EnumDescriptorProto enumeration(String name, String body) {
        enumerations.add(name);
        var enumeration = EnumDescriptorProto.newBuilder().setName(name);
        for (String line : body.strip().split(";", -1)) {
            Matcher value = VALUE.matcher(line);
            if (!line.isBlank()) {
                require(value.matches(), line);
                enumeration
                        .addValueBuilder()
                        .setName(value.group(1))
                        .setNumber(Integer.parseInt(value.group(2)));
            }
        }
        return enumeration.build();
    }

    private DescriptorProto message(String name, String body) {
        var message = DescriptorProto.newBuilder().setName(name);
        for (String line : body.strip().split(";", -1)) {
            Matcher field = FIELD.matcher(line);
            if (line.isBlank()) {
                continue;
            }
            require(field.matches(), line);
            int number = Integer.parseInt(field.group(4));
            if (field.group(2).startsWith("map")) {
                String entry = entryName(field.group(3));
                message.addNestedType(entry(entry));
                message.addField(
                        field(name + "." + entry, field.group(3), number)
                                .setLabel(Label.LABEL_REPEATED));
            } else {
                message.addField(
                        field(field.group(2), field.group(3), number)
                                .setLabel(
                                        field.group(1) == null
                                                ? Label.LABEL_OPTIONAL
                                                : Label.LABEL_REPEATED));
            }
        }
        return message.build();
    }

    /** The name that protoc gives the entries of a map. */
    private static String entryName(String field) {
        return field.substring(0, 1).toUpperCase(Locale.ROOT) + field.substring(1) + "Entry";
    }

    private DescriptorProto entry(String name) {
        return DescriptorProto.newBuilder()
                .setName(name)
                .addField(field("string", "key", 1).setLabel(Label.LABEL_OPTIONAL))
                .addField(field("string", "value", 2).setLabel(Label.LABEL_OPTIONAL))
                .setOptions(MessageOptions.newBuilder().setMapEntry(true))
                .build();
    }

    private FieldDescriptorProto.Builder field(String type, String name, int number) {
        var field = FieldDescriptorProto.newBuilder().setName(name).setNumber(number);
        if (Character.isLowerCase(type.charAt(0))) {
            return field.setType(
                    FieldDescriptorProto.Type.valueOf("TYPE_" + type.toUpperCase(Locale.ROOT)));
        }
        return field.setTypeName("." + file.getPackage() + "." + type)
                .setType(
                        enumerations.contains(type)
                                ? FieldDescriptorProto.Type.TYPE_ENUM
                                : FieldDescriptorProto.Type.TYPE_MESSAGE);
    }

    private static void require(boolean isUnderstood, String text) {
        if (!isUnderstood) {
            throw new IllegalArgumentException("not understood: " + text);
        }
    }
}
