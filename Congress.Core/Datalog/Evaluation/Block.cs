namespace Congress.Datalog.Evaluation;

/// <summary>A batch of bindings, one array for each variable.</summary>
internal sealed class Block(int columns, int maxBindings)
{
    /// <summary>About a thousand bindings amortise the calls and stay in cache.</summary>
    public const int LargeRun = 1024;

    /// <summary>Enough for a change of a few rows; a thousand pipelines that wait for the next change stay small.</summary>
    public const int SmallRun = 32;

    private const int MaxCells = 1 << 16;   // wide blocks hold fewer bindings, so that a body of a thousand literals stays small

    public int MaxBindings => maxBindings;

    public int Capacity { get; } = Math.Min(Math.Max(MaxCells / Math.Max(1, columns), 64), maxBindings);

    public int Count { get; set; }

    /// <summary>The handles by column and binding. Made on first use: most steps of a long body see few bindings.</summary>
    public int[][] Columns { get; } = new int[columns][];

    public int[] Column(int column) => Columns[column] ??= new int[Capacity];

    /// <summary>The one binding of no variables, with which every body begins.</summary>
    public static Block Unit(int maxBindings) => new(0, maxBindings) { Count = 1 };
}
