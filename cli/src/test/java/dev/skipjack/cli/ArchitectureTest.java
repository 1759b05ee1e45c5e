package dev.skipjack.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The rules of docs/architecture.md that the compiler does not hold. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {
  private static final String ROOT = "dev.skipjack.";
  private static final String TORNADO = ROOT + "kernels.tornado..";

  private JavaClasses skipjack;

  @BeforeAll
  void readClasses() {
    skipjack =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.skipjack");
  }

  @Test
  void modulesDependOnlyUpward() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("dev.skipjack..")
        .layer("loader")
        .definedBy(ROOT + "loader..")
        .layer("models")
        .definedBy(ROOT + "models..")
        .layer("kernels")
        .definedBy(resideInAPackage(ROOT + "kernels..").and(not(resideInAPackage(TORNADO))))
        .layer("kernels-tornado")
        .definedBy(TORNADO)
        .layer("inference")
        .definedBy(ROOT + "inference..")
        .layer("server")
        .definedBy(ROOT + "server..")
        .layer("cli")
        .definedBy(ROOT + "cli..")
        .whereLayer("loader")
        .mayNotAccessAnyLayer()
        .whereLayer("models")
        .mayOnlyAccessLayers("loader")
        .whereLayer("kernels")
        .mayOnlyAccessLayers("loader")
        .whereLayer("inference")
        .mayOnlyAccessLayers("models", "kernels", "loader")
        .whereLayer("kernels-tornado")
        .mayOnlyAccessLayers("inference", "kernels", "models", "loader")
        .whereLayer("server")
        .mayOnlyAccessLayers("inference", "models", "loader")
        .whereLayer("cli")
        .mayOnlyAccessLayers("server", "inference", "models", "loader")
        .check(skipjack);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.skipjack.(**)").should().beFreeOfCycles().check(skipjack);
  }

  @Test
  void onlyKernelsUseTheVectorApi() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "kernels..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator.vector..")
        .check(skipjack);
  }

  @Test
  void onlyItsOwnModuleUsesTornado() {
    noClasses()
        .that()
        .resideOutsideOfPackage(TORNADO)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("uk.ac.manchester.tornado..")
        .check(skipjack);
  }

  @Test
  void onlyTheCommandOwnsTheProcess() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "cli..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .check(skipjack);
  }

  @Test
  void nothingGlobalChanges() {
    fields().that().areStatic().should().beFinal().check(skipjack);
  }
}
