import hex.genmodel.MojoModel;
import hex.genmodel.easy.EasyPredictModelWrapper;
import hex.genmodel.easy.RowData;
import hex.genmodel.easy.prediction.AbstractPrediction;
import hex.genmodel.easy.prediction.BinomialModelPrediction;
import hex.genmodel.easy.prediction.MultinomialModelPrediction;
import hex.genmodel.easy.prediction.RegressionModelPrediction;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Paths;

/**
 * Scores rows with the genuine h2o-genmodel. For each NAME: NAME.zip is a MOJO, NAME.rows has cells that end with a byte 31 in rows that
 * end with a byte 30, names of columns first; NAME.scores gets the label, if there is one, and the numbers, separated by tabs.
 */
public class Genuine {
  public static void main(String[] names) throws Exception {
    for (String name : names) {
      EasyPredictModelWrapper model =
          new EasyPredictModelWrapper(
              new EasyPredictModelWrapper.Config()
                  .setModel(MojoModel.load(name + ".zip"))
                  .setConvertUnknownCategoricalLevelsToNa(true));
      String[] rows = new String(Files.readAllBytes(Paths.get(name + ".rows")), "UTF-8").split("\u001e");
      String[] columns = rows[0].split("\u001f", -1);
      try (PrintWriter out = new PrintWriter(name + ".scores", "UTF-8")) {
        for (int i = 1; i < rows.length; i++) {
          String[] cells = rows[i].split("\u001f", -1);
          RowData row = new RowData();
          for (int k = 0; k + 1 < columns.length; k++) if (!cells[k].isEmpty()) row.put(columns[k], cells[k]);
          out.println(line(model.predict(row)));
        }
      }
    }
  }

  private static String line(AbstractPrediction found) {
    if (found instanceof RegressionModelPrediction) return "" + ((RegressionModelPrediction) found).value;
    boolean two = found instanceof BinomialModelPrediction;
    double[] chances =
        two ? ((BinomialModelPrediction) found).classProbabilities : ((MultinomialModelPrediction) found).classProbabilities;
    StringBuilder line =
        new StringBuilder(two ? ((BinomialModelPrediction) found).label : ((MultinomialModelPrediction) found).label);
    for (double each : chances) line.append('\t').append(each);
    return line.toString();
  }
}
