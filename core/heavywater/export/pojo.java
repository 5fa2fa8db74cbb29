// A trained Deep Learning model, written by heavywater $version. It needs no library and no other file.
//
//     javac $name.java
//     java $name < rows.csv > predictions.csv
//
// rows.csv has a first line with the names of the columns. A model of many million weights may need more memory for the
// compiler: javac -J-Xmx4g $name.java
//
// In a program of your own:
//
//     double[] preds = new double[$predictions];
//     new $name().score0(data, preds);

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

public class $name {
  /** Predictors in the order in which score0 takes them: categorical ones, then numbers. */
  public static final String[] NAMES = texts($names);
  /** Levels of each predictor and of the response; null for numbers. */
  public static final String[][] DOMAINS = domains($domains);
  /** Columns of the predictions that main writes. */
  public static final String[] OUTPUTS = texts($outputs);
  /** Column that score0 takes as offset, if any. */
  public static final String OFFSET_COLUMN = $offset_column;
  /** Whether only offsets above 0 count, as in models that H2O has trained. */
  public static final boolean POSITIVE_OFFSETS_ONLY = $positive_offsets_only;
  /** Binomial, Multinomial, Regression or AutoEncoder. */
  public static final String CATEGORY = "$category";
  public static final int CATS = $cats;
  /** For levels that training did not know: the code as which they count, or -1 for missing. */
  public static final double[] UNSEEN = doubles($unseen);
  public static final int NCLASSES = $classes;
  /** Probability from which a row counts as the second of two classes. */
  public static final double THRESHOLD = $threshold;
  /** Whether the first level of each column has a unit of its own. */
  public static final boolean ALL_LEVELS = $all_levels;
  /** First unit of each categorical column, and of the numbers. */
  public static final int[] CATOFFSETS = offsets();
  /** Units of all layers, inputs first. */
  public static final int[] NEURONS = {$sizes};
  /** Scaling of numbers: (x - NORMSUB) * NORMMUL; a missing number is NORMFILL before that. */
  public static final double[] NORMSUB = doubles($norm_sub);
  public static final double[] NORMMUL = doubles($norm_mul);
  public static final double[] NORMFILL = doubles($norm_fill);
  /** Numbers that are larger once scaled count as missing. */
  public static final double LARGEST = $largest;
  /** Where numbers become several units: (x - RAMPSTART) / RAMPWIDTH, but at least 0 and at most 1, of the scaled number x. */
  public static final double[] RAMPSTART = doubles($ramp_start);
  public static final double[] RAMPWIDTH = doubles($ramp_width);
  /** First of these units of each number, and how many there are of all. */
  public static final double[] FIRSTRAMP = doubles($first_ramp);
  /** Scaling of the output units of an autoencoder. */
  public static final double[] OUTPUTSUB = doubles($output_sub);
  public static final double[] OUTPUTMUL = doubles($output_mul);
  public static final boolean LOG_LINK = $log_link;
  public static final double NORMRESPSUB = $response_sub;
  public static final double NORMRESPMUL = $response_mul;
  /** Predictions of numbers stay within these. */
  public static final double LOWEST = $lowest;
  public static final double HIGHEST = $highest;
  /** Share of each class in the data by its share in training. */
  public static final double[] CORRECTION = doubles($correction);
  /** Networks side by side, whose outputs are averaged: each hidden unit gets units of its own network alone. */
  public static final int MEMBERS = $members;
  public static final double[] HIDDEN_DROPOUT_RATIOS = {$dropout};
  /** Weights into each layer: unit by unit, for each input one number (Maxout: two). */
  public static final float[][] WEIGHT = {$weights};
  public static final double[][] BIAS = {$biases};

  public String getModelCategory() { return CATEGORY; }
  public String getUUID() { return "$uuid"; }
  public int nfeatures() { return NAMES.length; }
  public int nclasses() { return NCLASSES; }

  /** Predicts without offset. */
  public double[] score0(double[] data, double[] preds) { return score0(data, 0, preds); }

  /**
   * Predicts one row.
   *
   * @param data predictors in the order of NAMES: numbers of levels for categorical ones; NaN is missing, and for
   *     levels that training did not know take UNSEEN
   * @param offset added to the sum of the output unit, where the model has an offset column
   * @param preds gets the class and the probabilities of all classes, or a number, or the reconstruction
   */
  public double[] score0(double[] data, double offset, double[] preds) {
    double[] units = inputs(data);
    for (int layer = 1; layer < NEURONS.length; layer++) units = layer(layer, units);
    switch (CATEGORY) {
      case "Regression": return regression(units[0], offset, preds);
      case "AutoEncoder": return reconstruction(units, preds);
      default: return classes(units, preds);
    }
  }

  static double[] regression(double f, double offset, double[] preds) {
    if (OFFSET_COLUMN != null && !(POSITIVE_OFFSETS_ONLY && !(offset > 0))) f += (offset - NORMRESPSUB) * NORMRESPMUL;
    f = LOG_LINK ? Math.min(1e19, Math.exp(f)) : f / NORMRESPMUL + NORMRESPSUB;
    preds[0] = Math.min(HIGHEST, Math.max(LOWEST, f));
    return preds;
  }

  static double[] classes(double[] units, double[] preds) {
    double total = 0;
    for (int k = 0; k < NCLASSES; k++) total += preds[k + 1] = CORRECTION.length > 0 ? units[k] * CORRECTION[k] : units[k];
    int best = 0;
    for (int k = 0; k < NCLASSES; k++) {
      if (CORRECTION.length > 0) preds[k + 1] /= total;
      if (preds[k + 1] > preds[best + 1]) best = k;
    }
    preds[0] = CATEGORY.equals("Binomial") ? (preds[2] >= THRESHOLD ? 1 : 0) : best;
    return preds;
  }

  static double[] reconstruction(double[] units, double[] preds) {
    for (int i = 0; i < units.length; i++) preds[i] = units[i] / OUTPUTMUL[i] + OUTPUTSUB[i];
    return preds;
  }

  static double[] inputs(double[] data) {
    double[] units = new double[NEURONS[0]];
    for (int i = 0; i < CATS; i++) {
      int levels = DOMAINS[i].length;
      int level = data[i] >= 0 && data[i] < levels ? (int) data[i] : levels;
      int unit = CATOFFSETS[i] + level - (ALL_LEVELS ? 0 : 1);
      if (ALL_LEVELS || level > 0) units[unit] = 1;
    }
    for (int i = 0; i < NORMSUB.length; i++) {
      double x = (data[CATS + i] - NORMSUB[i]) * NORMMUL[i];
      boolean known = Math.abs(x) <= LARGEST;
      number(i, known ? x : (NORMFILL[i] - NORMSUB[i]) * NORMMUL[i], units);
    }
    return units;
  }

  static void number(int i, double x, double[] units) {
    if (RAMPSTART.length == 0) {
      units[CATOFFSETS[CATS] + i] = x;
      return;
    }
    for (int k = (int) FIRSTRAMP[i]; k < FIRSTRAMP[i + 1]; k++) {
      units[CATOFFSETS[CATS] + k] = Math.min(1, Math.max(0, (x - RAMPSTART[k]) / RAMPWIDTH[k]));
    }
  }

  static double[] layer(int layer, double[] inputs) {
    int parts = layer == 1 || layer == NEURONS.length - 1 ? 1 : MEMBERS, width = inputs.length / parts, active = 0;
    int[] index = new int[inputs.length]; // most inputs of categorical data and many hidden units are 0
    double[] given = new double[inputs.length];
    int[] end = new int[parts];
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i] != 0) {
        given[active] = inputs[i];
        index[active++] = i;
      }
      end[i / width] = active;
    }
    float[] weight = WEIGHT[layer];
    double[] bias = BIAS[layer];
    double[] sums = new double[bias.length];
    int channels = sums.length / NEURONS[layer];
    for (int sum = 0; sum < sums.length; sum++) {
      int unit = sum / channels, part = (int) ((long) unit * parts / NEURONS[layer]);
      int first = (unit * width - part * width) * channels + sum % channels;
      double even = bias[sum], odd = 0; // neither waits for the other
      int k = part == 0 ? 0 : end[part - 1], stop = end[part];
      for (; k + 1 < stop; k += 2) {
        even += weight[first + channels * index[k]] * given[k];
        odd += weight[first + channels * index[k + 1]] * given[k + 1];
      }
      if (k < stop) even += weight[first + channels * index[k]] * given[k];
      sums[sum] = even + odd;
    }
    if (layer == NEURONS.length - 1) return activate("$output", sums);
    double[] units = activate("$hidden", sums);
    double keep = (1 - HIDDEN_DROPOUT_RATIOS[layer - 1]) / (layer == NEURONS.length - 2 ? MEMBERS : 1);
    if (keep != 1) for (int i = 0; i < units.length; i++) units[i] *= keep;
    return units;
  }

  static double[] activate(String kind, double[] sums) {
    switch (kind) {
      case "Tanh":
        for (int i = 0; i < sums.length; i++) sums[i] = Math.tanh(sums[i]);
        return sums;
      case "Rectifier":
        for (int i = 0; i < sums.length; i++) sums[i] = Math.max(sums[i], 0);
        return sums;
      case "ExpRectifier":
        for (int i = 0; i < sums.length; i++) if (sums[i] < 0) sums[i] = Math.expm1(sums[i]);
        return sums;
      case "Maxout":
        double[] larger = new double[sums.length / 2];
        for (int i = 0; i < larger.length; i++) larger[i] = Math.max(sums[2 * i], sums[2 * i + 1]);
        return larger;
      case "Softmax":
        double top = Arrays.stream(sums).max().getAsDouble();
        for (int i = 0; i < sums.length; i++) sums[i] = Math.exp(sums[i] - top);
        double total = Arrays.stream(sums).sum();
        for (int i = 0; i < sums.length; i++) sums[i] /= total;
        return sums;
      default:
        return sums;
    }
  }

  // ---- tables: Java limits the length of methods and of constant texts, so they come in pieces

  static int[] offsets() {
    int[] found = new int[CATS + 1];
    for (int i = 0; i < CATS; i++) found[i + 1] = found[i] + DOMAINS[i].length + (ALL_LEVELS ? 1 : 0);
    return found;
  }

  static float[] floats(int count, Consumer<Consumer<String>> pieces) {
    FloatBuffer found = FloatBuffer.allocate(count);
    pieces.accept(piece -> found.put(decoded(piece).asFloatBuffer()));
    return found.array();
  }

  static double[] doubles(int count, Consumer<Consumer<String>> pieces) {
    DoubleBuffer found = DoubleBuffer.allocate(count);
    pieces.accept(piece -> found.put(decoded(piece).asDoubleBuffer()));
    return found.array();
  }

  static ByteBuffer decoded(String piece) {
    return ByteBuffer.wrap(Base64.getDecoder().decode(piece)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Texts with their lengths in front. */
  static String[] texts(int count, Consumer<Consumer<String>> pieces) {
    StringBuilder all = new StringBuilder();
    pieces.accept(all::append);
    String[] found = new String[count];
    for (int i = 0, start = 0; i < count; i++) {
      int colon = all.indexOf(":", start);
      int end = colon + 1 + Integer.parseInt(all.substring(start, colon));
      found[i] = all.substring(colon + 1, end);
      start = end;
    }
    return found;
  }

  /** The number of levels of each column in front of its levels. */
  static String[][] domains(int count, Consumer<Consumer<String>> pieces) {
    Iterator<String> texts = Arrays.asList(texts(count, pieces)).iterator();
    List<String[]> found = new ArrayList<>();
    while (texts.hasNext()) {
      int levels = Integer.parseInt(texts.next());
      String[] domain = levels < 0 ? null : new String[levels];
      for (int i = 0; i < levels; i++) domain[i] = texts.next();
      found.add(domain);
    }
    return found.toArray(new String[0][]);
  }

  // ---- rows as delimited text

  /** Reads rows from the standard input and writes predictions to the standard output, both as CSV. */
  public static void main(String[] arguments) throws IOException {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintWriter out =
        new PrintWriter(new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8)));
    List<String> header = fields(in);
    if (header == null) throw new IOException("the input is empty; its first line must name the columns");
    if (!header.get(0).isEmpty() && header.get(0).charAt(0) == 0xFEFF) header.set(0, header.get(0).substring(1));
    int offsetAt = OFFSET_COLUMN == null ? -1 : header.indexOf(OFFSET_COLUMN);
    if (OFFSET_COLUMN != null && offsetAt < 0) throw new IOException("there is no column " + OFFSET_COLUMN);
    int[] at = new int[NAMES.length];
    List<Map<String, Double>> codes = new ArrayList<>();
    for (int i = 0; i < NAMES.length; i++) {
      at[i] = header.indexOf(NAMES[i]);
      Map<String, Double> levels = new HashMap<>();
      if (i < CATS) for (int k = 0; k < DOMAINS[i].length; k++) levels.put(DOMAINS[i][k], (double) k);
      codes.add(levels);
    }
    out.println(line(OUTPUTS));
    $name model = new $name();
    double[] data = new double[NAMES.length];
    double[] preds = new double[OUTPUTS.length];
    for (List<String> row = fields(in); row != null; row = fields(in)) {
      if (row.size() == 1 && row.get(0).isEmpty() && header.size() > 1) continue;
      for (int i = 0; i < data.length; i++) {
        String cell = at[i] < 0 || at[i] >= row.size() ? "" : row.get(at[i]);
        if (i < CATS) data[i] = codes.get(i).getOrDefault(cell, isMissing(cell) ? -1.0 : UNSEEN[i]);
        else data[i] = number(NAMES[i], cell);
      }
      double offset = offsetAt < 0 ? 0 : number(OFFSET_COLUMN, offsetAt < row.size() ? row.get(offsetAt) : "");
      out.println(line(cells(model.score0(data, offset, preds))));
    }
    out.flush();
  }

  static double number(String column, String cell) throws IOException {
    if (isMissing(cell)) return Double.NaN;
    try {
      return Double.parseDouble(cell);
    } catch (NumberFormatException error) {
      throw new IOException("column " + column + " has the cell " + cell + ", which is no number");
    }
  }

  static boolean isMissing(String cell) {
    return Arrays.asList("", "NA", "NaN", "nan", "null").contains(cell.trim());
  }

  static String[] cells(double[] preds) {
    String[] cells = new String[OUTPUTS.length];
    for (int i = 0; i < cells.length; i++) cells[i] = Double.toString(preds[i]);
    if (NCLASSES > 1) cells[0] = DOMAINS[NAMES.length][(int) preds[0]];
    return cells;
  }

  static String line(String[] cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.length; i++) {
      boolean quoted = cells[i].chars().anyMatch(c -> "\",\n\r".indexOf(c) >= 0);
      line.append(i == 0 ? "" : ",").append(quoted ? '"' + cells[i].replace("\"", "\"\"") + '"' : cells[i]);
    }
    return line.toString();
  }

  /** The fields of the next record, null at the end; in quotes there may be commas and line breaks. */
  static List<String> fields(Reader in) throws IOException {
    List<String> found = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false, nothing = true;
    for (int c = in.read(); c >= 0; c = in.read()) {
      nothing = false;
      if (c == '"') {
        if (quoted) {
          in.mark(1);
          if (in.read() == '"') field.append('"');
          else { in.reset(); quoted = false; }
        } else quoted = true;
      } else if (quoted) {
        field.append((char) c);
      } else if (c == ',') {
        found.add(field.toString());
        field.setLength(0);
      } else if (c == '\n') {
        break;
      } else if (c != '\r') {
        field.append((char) c);
      }
    }
    found.add(field.toString());
    return nothing ? null : found;
  }
$pieces
}
