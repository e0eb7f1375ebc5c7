using System.Text.Json;
using Congress.Data;

namespace Congress.Datasources.Drivers.Files;

/// <summary>Reads one row a line. Lines of nothing but spaces are skipped, as editors and tools add them at the end.</summary>
internal sealed class JsonLinesReader : JsonRowReader
{
    private int _next;      // where the next line begins

    public JsonLinesReader(FactsInput input, TableSchema? schema)
        : base(input, schema) => _next = input.Start;

    protected override bool TryBegin(out Utf8JsonReader json)
    {
        json = default;
        while (TryLine(out var line))
        {
            if (line.IndexOfAnyExcept(" \t\r"u8) >= 0)
            {
                json = new(line);
                Advance(ref json);
                return true;
            }
        }

        return false;
    }

    protected override void Advance(ref Utf8JsonReader json) => Step(ref json);

    // The line holds one value, so a second one is an exception.
    protected override void EndRow(ref Utf8JsonReader json) => Step(ref json);

    protected override string PathOf(long index) => "$";

    private void Step(ref Utf8JsonReader json)
    {
        try
        {
            json.Read();
        }
        catch (JsonException exception)
        {
            throw NotJson(ref json, exception);
        }
    }

    private bool TryLine(out ReadOnlySpan<byte> line)
    {
        line = default;
        Origin = _next;
        if (Origin == Input.End && !MoreFromOrigin())
        {
            return false;
        }

        var length = 0;
        while (true)
        {
            var step = Input.Slice(Origin + length, Input.End).IndexOf((byte)'\n');
            if (step >= 0)
            {
                length += step;
                _next = Origin + length + 1;
                break;
            }

            length = Input.End - Origin;
            if (!MoreFromOrigin())
            {
                _next = Input.End;
                break;
            }
        }

        line = Input.Slice(Origin, Origin + length);
        return true;
    }

    private bool MoreFromOrigin()
    {
        _next = Origin;
        var hasMore = Input.More(ref _next);
        Origin = _next;
        return hasMore;
    }
}
