package dev.skipjack.models.jinja;

import java.util.Optional;

/** A value with named attributes: the loop variable, a namespace, a cycler. */
non-sealed interface ObjectValue extends Value {
  Optional<Value> attribute(String name);
}
