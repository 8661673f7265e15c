package knockgate.bench;

import org.openjdk.jmh.annotations.Fork;

/**
 * What decides packets is compiled, and lies in memory, as in the JVM that gate/bin/knockgate
 * starts: a heap so small that an address in it is one number, with its tables in large pages,
 * where the kernel gives them; and the packet path compiled in parts.
 */
@Fork(
    value = 3,
    jvmArgsAppend = {
      "-XX:+UseSerialGC",
      "-Xms20m",
      "-Xmx512m",
      "-XX:NewSize=8m",
      "-XX:MaxNewSize=8m",
      "-XX:+AlwaysPreTouch",
      "-XX:+UseTransparentHugePages",
      "-XX:PretenureSizeThreshold=256k",
      "-XX:CompileCommand=quiet",
      "-XX:CompileCommand=dontinline,knockgate.rules.Gatekeeper::decide",
      "-XX:CompileCommand=dontinline,knockgate.rules.KnockJudge::judge",
      "-XX:CompileCommand=dontinline,knockgate.rules.KnockJudge::begin",
      "-XX:CompileCommand=dontinline,knockgate.rules.KnockJudge::advance",
      "-XX:CompileCommand=dontinline,knockgate.rules.KnockJudge::endLate",
      "-XX:CompileCommand=dontinline,knockgate.rules.table.Newcomers::insertAlone",
      "-XX:CompileCommand=dontinline,knockgate.rules.table.Newcomers::insertBesideOthers"
    })
abstract class AsTheGate {}
