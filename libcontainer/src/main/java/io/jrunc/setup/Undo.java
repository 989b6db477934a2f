package io.jrunc.setup;

/** Something that a step did outside the container, and that must not outlive its failure. */
public interface Undo {
    /** The container will not be: takes it back. */
    void undo();

    /** The container is made: lets go of what undoing would have needed. */
    void keep();
}
