import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.PrintStream;

/** Runs the main methods of all classes that are named, on the rows of the first argument: name.csv has the output. */
public class RunAll {
  public static void main(String[] arguments) throws Exception {
    for (int i = 1; i < arguments.length; i++) {
      try (FileInputStream in = new FileInputStream(arguments[0]);
          FileOutputStream out = new FileOutputStream(arguments[i] + ".csv")) {
        System.setIn(in);
        System.setOut(new PrintStream(out, false, "UTF-8"));
        Class.forName(arguments[i]).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        System.out.flush();
      }
    }
  }
}
