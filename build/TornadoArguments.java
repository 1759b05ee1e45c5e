import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the JVM arguments of an installed TornadoVM for the device tests: those of its argument
 * file, or of the template that a fresh installation has, without the current folder on the module
 * path, whose jars would become modules. Without an installation they are none, and the tests are
 * skipped. Arguments: the installation, the file to write.
 */
class TornadoArguments {
  public static void main(String[] args) throws IOException {
    Path home = Path.of(args[0]);
    Path source = home.resolve("tornado-argfile");
    if (!Files.isReadable(source)) {
      source = home.resolve("tornado-argfile.template");
    }
    String text = "";
    if (Files.isReadable(source)) {
      text =
          Files.readString(source)
              .replace("${TORNADOVM_HOME}", home.toString())
              .replaceAll("(?m)(^|[\\s=\"])\\.:", "$1");
    } else {
      System.err.println("TORNADOVM_HOME is " + home + ", where no tornado-argfile is");
    }
    Path target = Path.of(args[1]);
    Files.createDirectories(target.getParent());
    Files.writeString(target, text);
  }
}
