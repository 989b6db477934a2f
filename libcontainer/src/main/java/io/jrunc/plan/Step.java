package io.jrunc.plan;

/** One thing that making a container does. The plan is a list of them in kernel order. */
public interface Step {
    /** Who does it. */
    Actor actor();

    /** What is done, as a short sentence without a subject: {@code mount proc at /proc}. */
    String title();

    /** The field of {@code config.json} that causes it; "always" if none does. */
    String field();

    /** Does it. */
    void apply(Scene scene);
}
