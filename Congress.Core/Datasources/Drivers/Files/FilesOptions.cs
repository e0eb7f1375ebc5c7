using Congress.Data;

namespace Congress.Datasources.Drivers.Files;

/// <summary>What a <see cref="FilesDriver"/> reads.</summary>
public sealed record FilesOptions
{
    /// <summary>A folder whose files are tables, each named after its file: <c>servers.csv</c>. What is in its folders is none of its business.</summary>
    public string? Folder { get; init; }

    /// <summary>Files by table, wherever they are; for a table that the folder has too they count.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The tables with their columns. What they leave out is read from the files when the driver is made.</summary>
    public IReadOnlyList<TableSchema> Tables { get; init; } = [];

    /// <summary>How long a file that was read before must have been left alone to be read again; for one whose writer takes its time.</summary>
    public TimeSpan Settle { get; init; }

    /// <summary>The most rows of a file.</summary>
    public int MaxRows { get; init; } = 10_000_000;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
