package dev.skipjack.models.jinja;

import java.math.BigInteger;

/**
 * A value of the template language. Templates only ever see these types, never a Java object: what
 * is not reachable through them does not exist for a template.
 */
sealed interface Value permits Value.Scalar, Text, ListValue, DictValue, Callable, ObjectValue {

  /** The name of the type, as Python spells it, for messages. */
  String typeName();

  /** Immutable values without parts. */
  sealed interface Scalar extends Value permits Int, Real, Bool, None, Undefined {}

  /** An integer of any size. */
  record Int(BigInteger value) implements Scalar {
    static Int of(long value) {
      return new Int(BigInteger.valueOf(value));
    }

    @Override
    public String typeName() {
      return "int";
    }
  }

  /** A floating point number. */
  record Real(double value) implements Scalar {
    @Override
    public String typeName() {
      return "float";
    }
  }

  /** A truth value; in arithmetic 0 or 1. */
  enum Bool implements Scalar {
    FALSE,
    TRUE;

    static Bool of(boolean value) {
      return value ? TRUE : FALSE;
    }

    boolean isTrue() {
      return this == TRUE;
    }

    @Override
    public String typeName() {
      return "bool";
    }
  }

  /** Python's {@code None}. */
  enum None implements Scalar {
    NONE;

    @Override
    public String typeName() {
      return "NoneType";
    }
  }

  /**
   * The result of looking up what is not there: prints as nothing, is false, and fails when used.
   *
   * @param problem the sentence to fail with
   */
  record Undefined(String problem) implements Scalar {
    static Undefined variable(String name) {
      return new Undefined("'" + name + "' is undefined");
    }

    static Undefined member(Value owner, String name) {
      return new Undefined("'" + owner.typeName() + "' has no attribute '" + name + "'");
    }

    TemplateException failure() {
      return new TemplateException(problem);
    }

    @Override
    public String typeName() {
      return "Undefined";
    }
  }
}
