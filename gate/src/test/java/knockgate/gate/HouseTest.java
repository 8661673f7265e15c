package knockgate.gate;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may depend on whom, and what must not be found anywhere. */
@AnalyzeClasses(packages = "knockgate", importOptions = DoNotIncludeTests.class)
class HouseTest {
  private static final String RULES = "knockgate.rules..";
  private static final String NATIVE = "knockgate.nfq..";

  @ArchTest
  static final ArchRule rulesKnowTheJdkAndTheParsedPolicyTree =
      classes()
          .that()
          .resideInAPackage(RULES)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              RULES, "java..", "javax.crypto..", "com.typesafe.config..", "org.jspecify..");

  /** The packet path knows the rooms that it stands on, and the policy's reader knows them too. */
  @ArchTest
  static final ArchRule whatIsReadFromAPolicyKnowsNeitherItsReaderNorThePacketPath =
      noClasses()
          .that()
          .resideInAnyPackage(
              "knockgate.rules.words..",
              "knockgate.rules.spa..",
              "knockgate.rules.policy..",
              "knockgate.rules.table..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("knockgate.rules", "knockgate.rules.hocon..");

  /** So words, then messages, then policy: each knows those before it. */
  @ArchTest
  static final ArchRule noRoomOfTheRulesLeadsBackToItself =
      slices().matching("knockgate.rules.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule nativeBindingsKnowTheJdkAndJnr =
      classes()
          .that()
          .resideInAPackage(NATIVE)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(NATIVE, "java..", "jnr..", "org.jspecify..");

  @ArchTest
  static final ArchRule rulesHaveNoSocketsFilesOrThreads =
      noClasses()
          .that()
          .resideInAPackage(RULES)
          .should()
          .dependOnClassesThat(
              nameMatching(
                  "java\\.io\\.File.*|java\\.nio\\.(file|channels)\\..*|java\\.net\\..*Socket.*"
                      + "|java\\.lang\\.(Thread|Process).*"
                      + "|java\\.util\\.(Timer.*|concurrent\\.(Executor|.*Future|Thread|.*Queue).*)"));

  @ArchTest
  static final ArchRule nothingBelowTheLaneReadsAClock =
      noClasses()
          .that()
          .resideInAnyPackage(RULES, NATIVE)
          .should()
          .callMethodWhere(
              target(nameMatching("now|nanoTime|currentTimeMillis"))
                  .and(target(owner(resideInAnyPackage("java..")))));

  /** Everyone else may see why the kernel refused, and nothing more of it. */
  @ArchTest
  static final ArchRule packetsAndTheKernelMeetInTheLaneAndItsHandler =
      noClasses()
          .that(
              resideInAnyPackage("knockgate.gate..")
                  .and(not(resideInAnyPackage("knockgate.gate.doctor", "knockgate.gate.selftest")))
                  .and(
                      not(
                          nameMatching(
                              "knockgate\\.gate\\.(Lane|VerdictHandler|Daemon|FilterSets.*)"))))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(NATIVE)
                  // what went wrong, the client's echo requests, the service manager's socket and
                  // established connections: none has to do with queues
                  .and(
                      not(
                          nameMatching(
                              ".*\\.(NativeException.*|EchoSocket|NotifySocket|NativePart|Scheduling|Conntrack"
                                  + "|TrackedConnection)"))));

  /** Doctor reads what the kernel says of queues; it opens none and gives no verdict. */
  @ArchTest
  static final ArchRule doctorReadsTablesAndTouchesNoQueue =
      noClasses()
          .that()
          .resideInAPackage("knockgate.gate.doctor")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(NATIVE)
                  .and(
                      not(
                          nameMatching(
                              ".*\\.(NativeException.*|QueueOwner|QueueStatistics|QueueOptions"
                                  + "|KernelClock)"))));

  /** Selftest stands in namespaces of its own and waits for the queue there; a gate serves it. */
  @ArchTest
  static final ArchRule selftestLeavesTheQueueToAGate =
      noClasses()
          .that()
          .resideInAPackage("knockgate.gate.selftest")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(NATIVE)
                  .and(
                      not(
                          nameMatching(
                              ".*\\.(NativeException.*|NetworkNamespace|QueueStatistics)"))));

  @ArchTest
  static final ArchRule commandsStandOnTheDaemonAndNotTheOtherWay =
      noClasses()
          .that(
              resideInAnyPackage("knockgate.gate..")
                  .and(not(resideInAnyPackage("knockgate.gate.cli..")))
                  .and(not(nameMatching("knockgate\\.gate\\.Main"))))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("knockgate.gate.cli..", "picocli..");

  @ArchTest
  static final ArchRule noRoomOfTheGateLeadsBackToItself =
      slices().matching("knockgate.gate.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule whatTheGateStandsOnDoesNotKnowIt =
      noClasses()
          .that()
          .resideInAnyPackage(
              "knockgate.gate.fault..",
              "knockgate.gate.process..",
              "knockgate.gate.policy..",
              "knockgate.gate.events..",
              "knockgate.gate.gpg..",
              "knockgate.gate.firewall..",
              "knockgate.gate.doctor..",
              "knockgate.gate.knock..",
              "knockgate.gate.pknock..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("knockgate.gate");

  @ArchTest
  static final ArchRule howThingsGoWrongIsTheLowestRoom =
      noClasses()
          .that()
          .resideInAPackage("knockgate.gate.fault..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("knockgate..")
                  .and(not(resideInAnyPackage("knockgate.gate.fault.."))));

  @ArchTest
  static final ArchRule noRoomOfTheCommandLineKnowsTheRoot =
      noClasses()
          .that()
          .resideInAnyPackage("knockgate.gate.cli.*..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("knockgate.gate.cli");

  /** Who asks the gate and who knocks are strangers; the policy knows neither. */
  @ArchTest
  static final ArchRule theRoomsOfTheCommandLineShareThePolicyOnly =
      slices()
          .matching("knockgate.gate.cli.(*)..")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(alwaysTrue(), resideInAnyPackage("knockgate.gate.cli.policy"));

  @ArchTest
  static final ArchRule onePackageReadsOpenPgp =
      noClasses()
          .that(not(resideInAnyPackage("knockgate.gate.gpg..")))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.bouncycastle..");

  @ArchTest
  static final ArchRule noClassNeedsAVagueName =
      noClasses()
          .should()
          .haveNameMatching(
              ".*(Manager|Service|Helper|Utils?|Impl|Base|Abstract|Info|Data|Context|Wrapper)");

  @ArchTest
  static final ArchRule nobodyUsesUnsafe =
      noClasses().should().dependOnClassesThat().resideInAnyPackage("sun..", "jdk.internal..");
}
