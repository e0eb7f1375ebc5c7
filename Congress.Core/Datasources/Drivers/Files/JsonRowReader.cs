using System.Text.Json;
using System.Text.Unicode;
using Congress.Data;
using Congress.Diagnostics;

namespace Congress.Datasources.Drivers.Files;

/// <summary>Makes rows of JSON objects or arrays; how they follow each other is the matter of the derived classes.</summary>
/// <remarks>Objects of two integers and two repeating texts, 2 M of them, one thread (.NET 10, a shared AMD EPYC core):
/// 6 to 10 M values/s.</remarks>
internal abstract class JsonRowReader : RowReader
{
    private readonly Expected _expected;
    private readonly JsonColumns _columns;
    private Value[] _row;
    private long[] _seenIn;             // for each column the row that has it
    private long _rows;
    private int _end;   // of the current row
    private JsonTokenType _shape;       // what rows begin with; None before the first
    private bool _isOpenEnded;          // the first row of a file without schema makes the columns
    private bool _isAhead;

    private protected JsonRowReader(FactsInput input, TableSchema? schema)
    {
        Input = input;
        _expected = new(schema, "as in the first row");
        _columns = new(Expected.Columns(schema));
        _isOpenEnded = schema is null;
        _row = new Value[_columns.Count];
        _seenIn = new long[_columns.Count];
    }

    /// <summary>The bytes.</summary>
    protected FactsInput Input { get; }

    /// <summary>Where in the window the bytes of the JSON reader at hand begin.</summary>
    protected int Origin { get; set; }

    /// <summary>Opens a file and reads its first row ahead, which tells the width.</summary>
    public static JsonRowReader Open(FactsInput input, FactsFormat format, TableSchema? schema)
    {
        var reader = Make(input, format, schema);
        reader._isAhead = reader.ReadRow();
        return reader;
    }

    /// <summary>The keys of the first row, or null when that is an array or not there.</summary>
    public static IReadOnlyList<string>? Keys(FactsInput input, FactsFormat format) => Make(input, format, schema: null).ReadKeys();

    public override int Width => _rows == 0 ? 0 : _columns.Count;

    public override ReadOnlySpan<Value> Current => _row.AsSpan(0, Width);

    /// <summary>The line on which the current row ends, and its path.</summary>
    internal override FactOrigin? RowOrigin => Input.PlaceOf(Math.Max(0, _end - 1)) is var place ? new(place.Source!, place.Line, PathOf(_rows - 1)) : null;

    public override bool Read()
    {
        if (!_isAhead)
        {
            return ReadRow();
        }

        _isAhead = false;
        return true;
    }

    /// <summary>Steps to the first token of the next row.</summary>
    /// <returns>False when there are no more rows.</returns>
    protected abstract bool TryBegin(out Utf8JsonReader json);

    /// <summary>Steps to the next token of the row.</summary>
    protected abstract void Advance(ref Utf8JsonReader json);

    /// <summary>Steps past the last token of the row.</summary>
    protected abstract void EndRow(ref Utf8JsonReader json);

    /// <summary>The path of a row before its keys.</summary>
    /// <param name="index">The row, from 0.</param>
    protected abstract string PathOf(long index);

    /// <summary>The exception for text that is not JSON.</summary>
    protected PolicyException NotJson(ref Utf8JsonReader json, JsonException exception)
    {
        // The reader counts lines from where its bytes begin, which says nothing about the file.
        var message = exception.Message.Split(" LineNumber:")[0].TrimEnd('.');
        return Input.Error(Math.Min(Origin + (int)json.BytesConsumed, Input.End), $"not valid JSON: {message}");
    }

    /// <summary>The exception for something wrong with the token at hand.</summary>
    protected PolicyException Error(
        ref Utf8JsonReader json, string message, string? hint = null, DiagnosticCode code = DiagnosticCode.BadFacts) =>
        Input.Error(Origin + (int)json.TokenStartIndex, message, hint, code);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Input.Dispose();
        }

        base.Dispose(disposing);
    }

    private static JsonRowReader Make(FactsInput input, FactsFormat format, TableSchema? schema) =>
        format == FactsFormat.Json ? new JsonArrayReader(input, schema) : new JsonLinesReader(input, schema);

    private bool ReadRow()
    {
        if (!TryBegin(out var json))
        {
            return false;
        }

        CheckShape(ref json);
        _rows++;
        if (_shape == JsonTokenType.StartObject)
        {
            ReadObject(ref json);
        }
        else
        {
            ReadArray(ref json);
        }

        if (_isOpenEnded)
        {
            _isOpenEnded = false;
            if (_columns.Count == 0)
            {
                throw Error(ref json, "the first row has no values");
            }
        }

        EndRow(ref json);
        _end = Origin + (int)json.BytesConsumed;
        return true;
    }

    private void CheckShape(ref Utf8JsonReader json)
    {
        var token = json.TokenType;
        if (token is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            throw Error(ref json, $"a row is an object or an array, found {JsonText.Name(token)}");
        }

        _shape = _shape == JsonTokenType.None ? token : _shape;
        if (_shape != token)
        {
            throw Error(ref json, $"expected {JsonText.Name(_shape)} as in the first row, found {JsonText.Name(token)}");
        }
    }

    private void ReadObject(ref Utf8JsonReader json)
    {
        var count = 0;
        for (Advance(ref json); json.TokenType != JsonTokenType.EndObject; Advance(ref json))
        {
            var column = ColumnAt(ref json, count++);
            if (_seenIn[column.Number] == _rows)
            {
                throw Error(ref json, $"the object has key '{column.Name}' twice");
            }

            _seenIn[column.Number] = _rows;
            Advance(ref json);
            _row[column.Slot] = ReadValue(ref json, column);
        }

        if (count == _columns.Count)
        {
            return;
        }

        for (var i = 0; i < _columns.Count; i++)
        {
            var column = _columns[i];
            if (_seenIn[i] == _rows)
            {
                continue;
            }

            if (_expected.Schema is not null)
            {
                throw Error(ref json, $"the object lacks column '{column.Name}' of {_expected.Schema}", "write null for a value that is not known");
            }

            _row[column.Slot] = Value.Null;
        }
    }

    private void ReadArray(ref Utf8JsonReader json)
    {
        var count = 0;
        for (Advance(ref json); json.TokenType != JsonTokenType.EndArray; Advance(ref json))
        {
            if (count == _columns.Count)
            {
                if (!_isOpenEnded)
                {
                    throw Error(ref json, _expected.Width(count, "more"));
                }

                AddColumn(ref json, name: null);
            }

            var column = _columns[count++];
            _row[column.Slot] = ReadValue(ref json, column);
        }

        if (count < _columns.Count)
        {
            throw Error(ref json, _expected.Width(_columns.Count, Expected.Fields(count)));
        }
    }

    private FieldColumn ColumnAt(ref Utf8JsonReader json, int position)
    {
        if (_columns.Guess(ref json, position) is { } guess)
        {
            return guess;
        }

        var name = JsonText.StringOf(ref json) ?? throw Error(ref json, "a key that is not UTF-8, or escapes half a surrogate pair");
        var column = _columns.Find(name) ?? (_isOpenEnded ? AddColumn(ref json, name) : throw UnknownKey(ref json, name));
        _columns.Remember(position, column);
        return column;
    }

    private FieldColumn AddColumn(ref Utf8JsonReader json, string? name)
    {
        var count = _columns.Count;
        if (count == FactsInput.MaxFields)
        {
            throw Error(ref json, "the row has more than 10,000 fields");
        }

        if (count == _row.Length)
        {
            Array.Resize(ref _row, Math.Max(8, 2 * count));
            Array.Resize(ref _seenIn, _row.Length);
        }

        return _columns.Add(name);
    }

    private Value ReadValue(ref Utf8JsonReader json, FieldColumn column)
    {
        Value value;
        var fault = json.TokenType switch
        {
            JsonTokenType.StartObject or JsonTokenType.StartArray => throw Nested(ref json, column),
            JsonTokenType.Number => column.ReadNumber(json.ValueSpan, out value),
            JsonTokenType.String => ReadString(ref json, column, out value),
            JsonTokenType.Null => column.Fit(Value.Null, out value),
            _ => column.Fit(Value.Of(json.TokenType == JsonTokenType.True), out value),
        };
        if (fault == FieldFault.None)
        {
            return value;
        }

        var found = Input.Slice(Origin + (int)json.TokenStartIndex, Origin + (int)json.BytesConsumed);
        var (code, message, hint) = column.Describe(fault, found, isJson: true);
        throw Error(ref json, message, hint, code);
    }

    private static FieldFault ReadString(ref Utf8JsonReader json, FieldColumn column, out Value value)
    {
        value = Value.Null;
        if (json.ValueSpan.Length > FactsInput.MaxFieldBytes)
        {
            return FieldFault.TooLong;
        }

        return !json.ValueIsEscaped ? column.ReadText(json.ValueSpan, out value)
            : JsonText.StringOf(ref json) is { } text ? column.Fit(Value.Of(text), out value)
            : Utf8.IsValid(json.ValueSpan) ? FieldFault.LoneSurrogate
            : FieldFault.NotUtf8;
    }

    private PolicyException UnknownKey(ref Utf8JsonReader json, string name) => Error(
        ref json,
        _expected.Schema is null ? $"key '{name}' is not in the first object" : $"{_expected.Schema} has no column '{name}'",
        Expected.DidYouMean(name, _columns.Names));

    private PolicyException Nested(ref Utf8JsonReader json, FieldColumn column) => Error(
        ref json,
        $"expected a single value at {PathOf(_rows - 1)}{JsonText.StepTo(column)}, found {JsonText.Name(json.TokenType)}",
        "facts are flat; give it a table of its own");

    private string[]? ReadKeys()
    {
        if (!TryBegin(out var json) || json.TokenType == JsonTokenType.StartArray)
        {
            return null;
        }

        CheckShape(ref json);
        var position = 0;
        for (Advance(ref json); json.TokenType != JsonTokenType.EndObject; Advance(ref json))
        {
            ColumnAt(ref json, position++);
            Advance(ref json);
            for (var depth = json.CurrentDepth; json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray || json.CurrentDepth > depth;)
            {
                Advance(ref json);
            }
        }

        return [.. _columns.Names];
    }
}
