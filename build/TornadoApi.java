import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * Cuts the TornadoVM API out of a jar, to compile and test against; nothing of it is shipped.
 *
 * <p>Some of its classes were compiled with preview features of an older Java, whose mark keeps a
 * newer JDK from reading them although they use nothing that changed: the mark is removed.
 */
class TornadoApi {
  private static final String PACKAGE = "uk/ac/manchester/tornado/api/";
  private static final int MINOR_VERSION = 4;

  public static void main(String[] args) throws IOException {
    Path out = Path.of(args[1]);
    Files.createDirectories(out.getParent());
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(new Attributes.Name("Automatic-Module-Name"), "tornado.api");
    try (var source = new JarFile(args[0]);
        var target = new JarOutputStream(Files.newOutputStream(out), manifest)) {
      for (JarEntry entry : source.stream().toList()) {
        if (entry.getName().startsWith(PACKAGE) && entry.getName().endsWith(".class")) {
          target.putNextEntry(new JarEntry(entry.getName()));
          target.write(withoutPreviewMark(source.getInputStream(entry)));
        }
      }
    }
  }

  private static byte[] withoutPreviewMark(InputStream in) throws IOException {
    byte[] classFile = in.readAllBytes();
    classFile[MINOR_VERSION] = 0;
    classFile[MINOR_VERSION + 1] = 0;
    return classFile;
  }
}
