package knockgate.rules.spa;

/** How an SPA message proves that its sender may open a door. */
public sealed interface Dialect permits PknockSpa, FwknopSpa {}
