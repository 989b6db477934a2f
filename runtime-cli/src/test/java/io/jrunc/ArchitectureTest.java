// SPDX-License-Identifier: Apache-2.0
package io.jrunc;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaModifier.NATIVE;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What keeps the shape of the whole program; this module sees all others. */
class ArchitectureTest {
    private static final int MAX_PARAMETERS = 12;

    /** What the steps of a plan are made of, by subject. */
    private static final String[] STEPS = {
        "io.jrunc.cgroup..",
        "io.jrunc.checkpoint..",
        "io.jrunc.console..",
        "io.jrunc.credentials..",
        "io.jrunc.handler..",
        "io.jrunc.hook..",
        "io.jrunc.lsm..",
        "io.jrunc.namespace..",
        "io.jrunc.network..",
        "io.jrunc.process..",
        "io.jrunc.program..",
        "io.jrunc.resctrl..",
        "io.jrunc.rootfs.."
    };

    /** Public although no other package of the program uses them. */
    private static final Set<String> ENTRANCES =
            Set.of(
                    "io.jrunc.cli.Main", // Java
                    "io.jrunc.cli.serve.Server", // Java
                    "io.jrunc.cli.Commands", // the build makes manual pages of it
                    "io.jrunc.cli.completion.CompletionScripts", // so does it with scripts
                    "io.jrunc.container.JvmSpawner", // programs that embed the library
                    "io.jrunc.cli.command.Option", // CommandModelTest
                    "io.jrunc.cli.launcher.LauncherWatch", // CliTest
                    "io.jrunc.linux.local.LibcProvider", // jnr-ffi, by name
                    "io.jrunc.linux.local.LibcProvider$Platform", // likewise
                    "io.jrunc.linux.local.Libc", // tests that stand between Java and libc
                    // Used as type arguments, of which class files say nothing.
                    "io.jrunc.lsm.CategoryPair",
                    "io.jrunc.seccomp.compile.Intervals");

    /** All that is public in it is for programs that embed it. */
    private static final String API = "io.jrunc.sandbox";

    private static JavaClasses program;

    @BeforeAll
    static void read() {
        program =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("io.jrunc");
    }

    private static void check(ArchRule rule, String because) {
        rule.because(because).check(program);
    }

    @Test
    void packagesHaveNoCycles() {
        check(
                slices().matching("io.jrunc.(**)").should().beFreeOfCycles(),
                "a package that is understood must not need one that is built on it");
    }

    @Test
    void dependenciesPointOneWay() {
        check(
                layeredArchitecture()
                        .consideringOnlyDependenciesInLayers()
                        .layer("cli")
                        .definedBy("io.jrunc.cli..")
                        .layer("sandbox")
                        .definedBy("io.jrunc.sandbox..")
                        .layer("observers")
                        .definedBy("io.jrunc.confinement.record..", "io.jrunc.kernelaudit..")
                        .layer("audit")
                        .definedBy("io.jrunc.confinement.audit..")
                        .layer("container")
                        .definedBy("io.jrunc.container")
                        .layer("operations")
                        .definedBy("io.jrunc.operation..")
                        .layer("model")
                        .definedBy("io.jrunc.container.model..")
                        .layer("state")
                        .definedBy("io.jrunc.state..")
                        .layer("steps")
                        .definedBy(STEPS)
                        .layer("setup")
                        .definedBy("io.jrunc.setup..")
                        .layer("validate")
                        .definedBy("io.jrunc.validate..", "io.jrunc.host..")
                        .layer("spec")
                        .definedBy("io.jrunc.spec..", "io.jrunc.json..")
                        .layer("seccomp")
                        .definedBy("io.jrunc.seccomp..")
                        .layer("linux")
                        .definedBy("io.jrunc.linux..")
                        .whereLayer("cli")
                        .mayNotBeAccessedByAnyLayer()
                        .whereLayer("sandbox")
                        .mayNotBeAccessedByAnyLayer()
                        .whereLayer("observers")
                        .mayOnlyBeAccessedByLayers("cli")
                        .whereLayer("audit")
                        .mayOnlyBeAccessedByLayers("cli")
                        .whereLayer("container")
                        .mayOnlyBeAccessedByLayers("observers", "sandbox", "cli")
                        .whereLayer("operations")
                        .mayOnlyBeAccessedByLayers("container")
                        .whereLayer("model")
                        .mayOnlyBeAccessedByLayers(
                                "operations", "container", "observers", "sandbox", "cli")
                        .whereLayer("state")
                        .mayOnlyBeAccessedByLayers("operations", "container", "observers", "cli")
                        .whereLayer("steps")
                        .mayOnlyBeAccessedByLayers(
                                "validate",
                                "state",
                                "operations",
                                "model",
                                "container",
                                "observers",
                                "audit",
                                "sandbox",
                                "cli")
                        .whereLayer("setup")
                        .mayOnlyBeAccessedByLayers(
                                "steps", "operations", "model", "container", "sandbox", "cli")
                        .whereLayer("validate")
                        .mayOnlyBeAccessedByLayers(
                                "state", "operations", "model", "container", "sandbox", "cli")
                        .whereLayer("spec")
                        .mayOnlyAccessLayers("seccomp", "linux")
                        .whereLayer("linux")
                        .mayNotAccessAnyLayer(),
                "a library that embeds the container must not drag the command line along, and the"
                        + " specification must not depend on what carries it out");
    }

    @Test
    void aPackageIsEnteredThroughItsEntry() {
        mayNotUse(
                "io.jrunc.json..",
                "io.jrunc.spec..",
                "JSON as such knows nothing of the documents of the OCI");
        mayNotUse(
                "io.jrunc.spec",
                "io.jrunc.spec.json..",
                "records are what readers fill, and need none of them");
        mayNotUse(
                "io.jrunc.setup..",
                "io.jrunc.cgroup..",
                "a step needs its context; the context needs no step");
        mayNotUse(
                "io.jrunc.seccomp.compile..",
                "io.jrunc.seccomp.profile..",
                "a filter is compiled in the same way whatever document it is from");
        mayNotUse(
                "io.jrunc.cli.launcher..",
                "io.jrunc.cli.command..",
                "the conversation with the launcher is the same for each command");
        mayNotUse(
                "io.jrunc.cli.output..",
                "io.jrunc.cli.command..",
                "what is printed depends on the result, not on the command that asks");
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.jrunc.cgroup..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("io.jrunc.cgroup.v1..", "io.jrunc.cgroup.v2.."),
                "one place chooses between the hierarchies: CgroupSetup");
    }

    private static void mayNotUse(String user, String used, String because) {
        check(
                noClasses()
                        .that()
                        .resideInAPackage(user)
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(used),
                because);
    }

    @Test
    void seccompProfilesMakeNoSystemCall() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage("io.jrunc.seccomp..")
                        .should()
                        .dependOnClassesThat()
                        .haveNameMatching("io\\.jrunc\\.linux\\.(?!Failure|Machine|Errno).*"),
                "profiles are computed: the process that loads the filter makes the call");
    }

    @Test
    void onlyOnePackageKnowsNativeCode() {
        String because = "JNR-FFI behind one interface is all that is native in this program";
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.jrunc.linux.local..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("jnr..", "com.kenai..", "sun.misc.."),
                because);
        check(noMethods().should().haveModifier(NATIVE), because);
    }

    @Test
    void onlyTheCommandLineSpeaksToItsCaller() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.jrunc.cli..")
                        .should()
                        .accessField(System.class, "out")
                        .orShould()
                        .accessField(System.class, "err")
                        .orShould()
                        .callMethod(System.class, "exit", int.class)
                        .orShould()
                        .callMethod(Runtime.class, "exit", int.class)
                        .orShould()
                        .callMethod(Runtime.class, "halt", int.class)
                        .orShould()
                        .callMethod(Throwable.class, "printStackTrace"),
                "a library reports by results and failures; its caller owns streams and exit code");
    }

    @Test
    void pathsOfTheContainerAreNotResolvedByJava() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage("io.jrunc.rootfs..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("java.nio.file..")
                        .orShould()
                        .dependOnClassesThat()
                        .haveNameMatching("java\\.io\\.(File|FileInputStream|FileOutputStream)"),
                "the container owns those symbolic links: a path is resolved once, into a"
                        + " descriptor");
    }

    @Test
    void onlyCheckpointsKnowProtobuf() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.jrunc.checkpoint..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("com.google.protobuf.."),
                "criu is spoken to in one place, and no other command loads its encoding");
    }

    @Test
    void onlyJsonKnowsJacksonAndOnlyTheCommandLinePicocli() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.jrunc.json..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("com.fasterxml.."),
                "one reader knows how documents are read, so that it can be replaced");
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.jrunc.cli..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("picocli.."),
                "programs that embed the library have command lines of their own");
    }

    @Test
    void noProcessIsStartedByTheJavaLibrary() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.jrunc.cli.lab") // a shell's commands
                        .should()
                        .dependOnClassesThat()
                        .haveNameMatching("java\\.lang\\.(ProcessBuilder|Process)")
                        .orShould()
                        .callMethod(Runtime.class, "exec", String.class),
                "a process comes from the child or the launcher, which decide what it inherits");
    }

    @Test
    void longConstructorsAreCalledByTheirBuilderOnly() {
        check(
                noClasses()
                        .that()
                        .doNotHaveSimpleName("Builder")
                        .should()
                        .callConstructorWhere(
                                describe(
                                        "it has more than 12 parameters",
                                        call ->
                                                call.getTarget().getRawParameterTypes().size()
                                                        > MAX_PARAMETERS)),
                "two of thirteen positional arguments are easily exchanged");
    }

    @Test
    void classOfOnePackageIsNotPublic() {
        check(
                classes()
                        .that()
                        .arePublic()
                        .and()
                        .areTopLevelClasses()
                        .and(
                                describe(
                                        "are no entrances",
                                        one ->
                                                !ENTRANCES.contains(one.getName())
                                                        && !one.getPackageName().equals(API)))
                        .should(BE_USED_ELSEWHERE),
                "a package shows what others need of it, and no more");
    }

    private static final ArchCondition<JavaClass> BE_USED_ELSEWHERE =
            new ArchCondition<>("be used by another package, or a class in it") {
                @Override
                public void check(JavaClass one, ConditionEvents events) {
                    boolean isUsed =
                            program.stream()
                                    .filter(part -> isPartOf(one, part))
                                    .flatMap(part -> part.getDirectDependenciesToSelf().stream())
                                    .map(use -> use.getOriginClass().getPackage())
                                    .anyMatch(user -> !user.equals(one.getPackage()));
                    events.add(new SimpleConditionEvent(one, isUsed, one.getName()));
                }
            };

    private static boolean isPartOf(JavaClass one, JavaClass part) {
        return part.equals(one) || part.getName().startsWith(one.getName() + "$");
    }
}
