using Congress.Data;
using Congress.Diagnostics;

namespace Congress.Datasources.Drivers.Files;

/// <summary>A file with rows of one table.</summary>
/// <param name="Policy">The policy or datasource of the table, or null when the folder names none.</param>
/// <param name="Table">The table.</param>
/// <param name="Path">Where the file is.</param>
/// <param name="Format">How it is written.</param>
public sealed record FactsFile(string? Policy, string Table, string Path, FactsFormat Format)
{
    /// <summary>The names of the columns as the file gives them: the header of CSV, the keys of the first object of JSON.</summary>
    /// <returns>Null when the file names no columns: tab-separated, made of arrays, or empty.</returns>
    /// <remarks>Reads no further than that, and judges no values.</remarks>
    /// <exception cref="PolicyException">The file cannot be read that far.</exception>
    public IReadOnlyList<string>? Columns()
    {
        if (Format == FactsFormat.Tsv)
        {
            return null;
        }

        using var input = OpenInput();
        return Format == FactsFormat.Csv ? DelimitedReader.Header(input) : JsonRowReader.Keys(input, Format);
    }

    /// <summary>Opens the file.</summary>
    /// <param name="schema">The columns and their types, when they are declared: named columns of the file are put in
    /// this order, and every value must fit. Without it the first row tells the width, and each field its own type.</param>
    /// <returns>A reader, which the caller disposes.</returns>
    /// <exception cref="PolicyException">The file cannot be opened, its columns are not those of the schema, or its
    /// first row is wrong.</exception>
    public RowReader Open(TableSchema? schema = null)
    {
        var input = OpenInput();
        try
        {
            return Format switch
            {
                FactsFormat.Tsv => DelimitedReader.Tsv(input, schema),
                FactsFormat.Csv => DelimitedReader.Csv(input, schema),
                FactsFormat.Json or FactsFormat.JsonLines => JsonRowReader.Open(input, Format, schema),
            };
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    private FactsInput OpenInput() =>
        new(Path, Format == FactsFormat.JsonLines ? FactsInput.MaxLineBytes : FactsInput.MaxFieldBytes);
}
