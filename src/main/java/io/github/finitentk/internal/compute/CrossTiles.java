package io.github.finitentk.internal.compute;

/** The tiles of a rectangle of inputs, as large as the number of blocks in each allows. */
record CrossTiles(int inputs, int others, int blocks, int rows, int columns) {

    // Whole blocks of states. States come from memory once for so many others; products of 256 x 256 numbers come from
    // the caches.
    private static final int EDGE = 4 * BatchShape.BLOCK;

    // In all blocks of a tile: 8 MB.
    private static final int MOST_NUMBERS = 1 << 20;

    CrossTiles(int inputs, int others, int blocks) {
        this(inputs, others, blocks, Math.min(inputs, edge(blocks)), Math.min(others, edge(blocks)));
    }

    private static int edge(int blocks) {
        int most = (int) Math.sqrt((double) MOST_NUMBERS / blocks);
        return Math.max(1, Math.min(EDGE, most));
    }

    /** Of all blocks of a whole tile. */
    int numbers() {
        return Math.multiplyExact(Math.multiplyExact(rows, columns), blocks);
    }

    private static int parts(int count, int edge) {
        return (count + edge - 1) / edge;
    }

    int count() {
        return Math.multiplyExact(parts(inputs, rows), parts(others, columns));
    }

    BatchShape.Tile tile(int index) {
        int across = parts(others, columns);
        int row = index / across * rows;
        int column = index % across * columns;
        return new BatchShape.Tile(row, Math.min(row + rows, inputs), column, Math.min(column + columns, others));
    }
}
