// SPDX-License-Identifier: Apache-2.0
import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Writes out {@code equals} and {@code hashCode} of records, which javac leaves to be spun from
 * method handles at run time: 10 ms for the first record that a cold JVM compares.
 */
final class PlainRecords extends ClassVisitor implements Opcodes {
    private static final String BOOTSTRAP = "java/lang/runtime/ObjectMethods";

    private String owner;
    private List<Handle> fields;

    PlainRecords(ClassVisitor next) {
        super(ASM9, next);
    }

    @Override
    public void visit(
            int version, int access, String name, String generic, String parent, String[] types) {
        owner = name;
        super.visit(version, access, name, generic, parent, types);
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String name, String type, String generic, String[] thrown) {
        return new MethodVisitor(ASM9, super.visitMethod(access, name, type, generic, thrown)) {
            @Override
            public void visitInvokeDynamicInsn(
                    String name, String type, Handle bootstrap, Object... arguments) {
                if (!bootstrap.getOwner().equals(BOOTSTRAP) || name.equals("toString")) {
                    super.visitInvokeDynamicInsn(name, type, bootstrap, arguments);
                    return;
                }
                fields = new ArrayList<>();
                for (int i = 2; i < arguments.length; i++) {
                    fields.add((Handle) arguments[i]);
                }
                super.visitMethodInsn(INVOKESTATIC, owner, "plain$" + name, type, false);
            }
        };
    }

    @Override
    public void visitEnd() {
        if (fields != null) {
            writeEquals();
            writeHashCode();
        }
        super.visitEnd();
    }

    private MethodVisitor begin(String name, String type) {
        MethodVisitor code =
                super.visitMethod(
                        ACC_PRIVATE | ACC_STATIC | ACC_SYNTHETIC,
                        "plain$" + name,
                        type,
                        null,
                        null);
        code.visitCode();
        return code;
    }

    private void writeEquals() {
        MethodVisitor code = begin("equals", "(L" + owner + ";Ljava/lang/Object;)Z");
        Label differ = new Label();
        code.visitVarInsn(ALOAD, 1);
        code.visitTypeInsn(INSTANCEOF, owner);
        code.visitJumpInsn(IFEQ, differ);
        for (Handle field : fields) {
            for (int i = 0; i < 2; i++) {
                code.visitVarInsn(ALOAD, i);
                code.visitTypeInsn(CHECKCAST, owner);
                code.visitFieldInsn(GETFIELD, owner, field.getName(), field.getDesc());
            }
            switch (Type.getType(field.getDesc()).getSort()) {
                case Type.BOOLEAN, Type.BYTE, Type.CHAR, Type.SHORT, Type.INT ->
                        code.visitJumpInsn(IF_ICMPNE, differ);
                case Type.LONG -> {
                    code.visitInsn(LCMP);
                    code.visitJumpInsn(IFNE, differ);
                }
                case Type.FLOAT -> {
                    code.visitMethodInsn(
                            INVOKESTATIC, "java/lang/Float", "compare", "(FF)I", false);
                    code.visitJumpInsn(IFNE, differ);
                }
                case Type.DOUBLE -> {
                    code.visitMethodInsn(
                            INVOKESTATIC, "java/lang/Double", "compare", "(DD)I", false);
                    code.visitJumpInsn(IFNE, differ);
                }
                default -> {
                    code.visitMethodInsn(
                            INVOKESTATIC,
                            "java/util/Objects",
                            "equals",
                            "(Ljava/lang/Object;Ljava/lang/Object;)Z",
                            false);
                    code.visitJumpInsn(IFEQ, differ);
                }
            }
        }
        code.visitInsn(ICONST_1);
        code.visitInsn(IRETURN);
        code.visitLabel(differ);
        code.visitInsn(ICONST_0);
        code.visitInsn(IRETURN);
        code.visitMaxs(0, 0);
        code.visitEnd();
    }

    private void writeHashCode() {
        MethodVisitor code = begin("hashCode", "(L" + owner + ";)I");
        code.visitInsn(ICONST_0);
        for (Handle field : fields) {
            code.visitIntInsn(BIPUSH, 31);
            code.visitInsn(IMUL);
            code.visitVarInsn(ALOAD, 0);
            code.visitFieldInsn(GETFIELD, owner, field.getName(), field.getDesc());
            Type type = Type.getType(field.getDesc());
            String holder =
                    switch (type.getSort()) {
                        case Type.BOOLEAN -> "java/lang/Boolean";
                        case Type.BYTE -> "java/lang/Byte";
                        case Type.CHAR -> "java/lang/Character";
                        case Type.SHORT -> "java/lang/Short";
                        case Type.INT -> "java/lang/Integer";
                        case Type.LONG -> "java/lang/Long";
                        case Type.FLOAT -> "java/lang/Float";
                        case Type.DOUBLE -> "java/lang/Double";
                        default -> "java/util/Objects";
                    };
            String argument =
                    holder.endsWith("Objects") ? "Ljava/lang/Object;" : type.getDescriptor();
            code.visitMethodInsn(INVOKESTATIC, holder, "hashCode", "(" + argument + ")I", false);
            code.visitInsn(IADD);
        }
        code.visitInsn(IRETURN);
        code.visitMaxs(0, 0);
        code.visitEnd();
    }
}
