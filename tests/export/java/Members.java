import java.io.PrintStream;
import java.lang.reflect.Method;
import java.util.Arrays;

/** Prints what programs read of a model: name = value, line by line. */
public class Members {
  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, "UTF-8");
    for (String name : arguments) {
      Class<?> type = Class.forName(name);
      Object model = type.getDeclaredConstructor().newInstance();
      out.println(name + ".NAMES = " + Arrays.toString((Object[]) type.getField("NAMES").get(null)));
      out.println(name + ".DOMAINS = " + Arrays.deepToString((Object[]) type.getField("DOMAINS").get(null)));
      out.println(name + ".NEURONS = " + Arrays.toString((int[]) type.getField("NEURONS").get(null)));
      out.println(name + ".CATOFFSETS = " + Arrays.toString((int[]) type.getField("CATOFFSETS").get(null)));
      for (String method : new String[] {"getModelCategory", "getUUID", "nfeatures", "nclasses"}) {
        out.println(name + "." + method + " = " + type.getMethod(method).invoke(model));
      }
      float[][] weights = (float[][]) type.getField("WEIGHT").get(null);
      out.println(name + ".WEIGHT = " + weights[0] + " " + weights[1].length + " " + weights[1][1]);
      int features = (int) type.getMethod("nfeatures").invoke(model);
      double[] data = new double[features];
      Arrays.fill(data, Double.NaN);
      double[] preds = new double[((Object[]) type.getField("OUTPUTS").get(null)).length];
      Method score = type.getMethod("score0", double[].class, double.class, double[].class);
      out.println(name + ".score0 = " + Arrays.toString((double[]) score.invoke(model, data, 2.0, preds)));
      type.getMethod("score0", double[].class, double[].class).invoke(model, data, preds);
      out.println(name + ".score0 without offset = " + Arrays.toString(preds));
    }
  }
}
