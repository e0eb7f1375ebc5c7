using System.Text.Json;
using Congress.Data;

namespace Congress.Datasources.Drivers.Files;

/// <summary>Reads the elements of one JSON array. Only the token at hand has to stay in the window.</summary>
internal sealed class JsonArrayReader : JsonRowReader
{
    private JsonReaderState _state;     // between rows
    private int _next;                  // the first byte that it has not consumed
    private bool _isInside;             // past the bracket that opens the array
    private bool _isDone;

    public JsonArrayReader(FactsInput input, TableSchema? schema)
        : base(input, schema) => _next = input.Start;

    protected override bool TryBegin(out Utf8JsonReader json)
    {
        json = default;
        if (_isDone || (!_isInside && IsBlank()))
        {
            return false;
        }

        Origin = _next;
        json = new(Input.Slice(Origin, Input.End), Input.IsLast, _state);
        if (!_isInside)
        {
            Enter(ref json);
        }

        Advance(ref json);
        if (json.TokenType != JsonTokenType.EndArray)
        {
            return true;
        }

        _isDone = true;
        return Step(ref json);      // false at the end; anything else but spaces is an exception
    }

    protected override void Advance(ref Utf8JsonReader json) => Step(ref json);

    protected override void EndRow(ref Utf8JsonReader json)
    {
        _next = Origin + (int)json.BytesConsumed;
        _state = json.CurrentState;
    }

    protected override string PathOf(long index) => FormattableString.Invariant($"$[{index}]");

    private void Enter(ref Utf8JsonReader json)
    {
        Advance(ref json);
        _isInside = json.TokenType == JsonTokenType.StartArray
            ? true
            : throw Error(ref json, $"expected an array of rows, found {JsonText.Name(json.TokenType)}", "name a file with one row a line .jsonl");
    }

    private bool Step(ref Utf8JsonReader json)
    {
        try
        {
            while (!json.Read())
            {
                if (Input.IsLast && json.IsFinalBlock)
                {
                    return false;
                }

                var needed = Origin + (int)json.BytesConsumed;
                Input.More(ref needed);
                Origin = needed;
                json = new(Input.Slice(Origin, Input.End), Input.IsLast, json.CurrentState);
            }

            return true;
        }
        catch (JsonException exception)
        {
            throw NotJson(ref json, exception);
        }
    }

    private bool IsBlank()
    {
        while (true)
        {
            var space = Input.Slice(_next, Input.End).IndexOfAnyExcept(" \t\r\n"u8);
            if (space >= 0)
            {
                _next += space;
                return false;
            }

            _next = Input.End;
            if (!Input.More(ref _next))
            {
                return true;
            }
        }
    }
}
