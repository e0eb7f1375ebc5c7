namespace Congress.Datalog.Evaluation;

/// <summary>A batch of bindings, one array for each variable.</summary>
internal sealed class Block(int columns)
{
    // About a thousand bindings amortise the calls and stay in cache; wide blocks hold fewer, so that a body of a
    // thousand literals stays small.
    private const int MaxCells = 1 << 16;
    private const int MaxBindings = 1024;

    public int Capacity { get; } = Math.Clamp(MaxCells / Math.Max(1, columns), 64, MaxBindings);

    public int Count { get; set; }

    /// <summary>The handles by column and binding. Made on first use: most steps of a long body see few bindings.</summary>
    public int[][] Columns { get; } = new int[columns][];

    public int[] Column(int column) => Columns[column] ??= new int[Capacity];

    /// <summary>The one binding of no variables, with which every body begins.</summary>
    public static Block Unit() => new(0) { Count = 1 };
}
