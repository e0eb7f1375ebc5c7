using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Congress.Datasources.Translation;

/// <summary>Reads the text of a <see cref="JsonPath"/>.</summary>
internal sealed class JsonPathParser(string text)
{
    private const int MaxDepth = 4;     // of filters in filters

    private int _at;
    private int _depth;

    /// <summary>Reads the whole text.</summary>
    /// <exception cref="FormatException">It is no path.</exception>
    public JsonPath Read()
    {
        var path = Path();
        return _at == text.Length ? path : throw Expected("'.' or '['");
    }

    private JsonPath Path()
    {
        var (start, steps) = (_at, new List<JsonStep>());
        if (Peek is '$' or '@' && (_at + 1 == text.Length || text[_at + 1] is '.' or '[' or ']' or '=' or '!' or ' ' or '&'))
        {
            _at++;
        }
        else if (Peek != '[')
        {
            steps.Add(Named());
        }

        while (Peek is '.' or '[')
        {
            var isBracket = text[_at++] == '[';
            steps.Add(isBracket ? Bracketed() : Named());
        }

        return new(steps, text[start.._at]);
    }

    private char Peek => _at < text.Length ? text[_at] : '\0';

    private JsonStep Named()
    {
        if (Peek == '*')
        {
            _at++;
            return new JsonStep.Each([]);
        }

        var start = _at;
        while (_at < text.Length && text[_at] is not ('.' or '[') && !(_depth > 0 && text[_at] is ']' or '=' or '!' or '&' or ' '))
        {
            _at++;
        }

        return _at > start ? new JsonStep.Property(text[start.._at]) : throw Expected("a name");
    }

    private JsonStep Bracketed()
    {
        JsonStep step = Peek switch
        {
            '\'' or '"' => new JsonStep.Property(Quoted()),
            '*' => All(),
            '?' => Filter(),
            _ => new JsonStep.Element(Index()),
        };
        Take(']');
        return step;
    }

    private JsonStep.Each All()
    {
        _at++;
        return new([]);
    }

    private JsonStep.Each Filter()
    {
        if (++_depth > MaxDepth)
        {
            throw new FormatException($"the path {text} has filters nested more than {MaxDepth.ToString(CultureInfo.InvariantCulture)} deep");
        }

        var conditions = new List<JsonCondition>();
        _at++;
        do
        {
            Blanks();
            conditions.Add(Condition());
        }
        while (TryTake("&&"));
        _depth--;
        return new(conditions);
    }

    private JsonCondition Condition()
    {
        var path = Path();
        Blanks();
        var isEqual = TryTake("==");
        if (!isEqual && !TryTake("!="))
        {
            return new(path, Literal: null, IsEqual: true);
        }

        Blanks();
        var literal = Literal();
        Blanks();
        return new(path, literal, isEqual);
    }

    private JsonElement Literal()
    {
        if (Peek is '\'' or '"')
        {
            var buffer = new System.Buffers.ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(buffer))
            {
                writer.WriteStringValue(Quoted());
            }

            return JsonElement.Parse(buffer.WrittenSpan);
        }

        var start = _at;
        while (Peek is not (']' or '&' or ' ' or '\0'))
        {
            _at++;
        }

        try
        {
            var literal = JsonElement.Parse(text.AsSpan()[start.._at]);
            return literal.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? throw new JsonException() : literal;
        }
        catch (JsonException)
        {
            _at = start;
            throw Expected("a text in quotes, a number, true, false or null");
        }
    }

    private string Quoted()
    {
        var quote = text[_at++];
        var name = new StringBuilder();
        while (Peek != quote)
        {
            if (Peek == '\\')
            {
                _at++;
            }

            name.Append(_at < text.Length ? text[_at++] : throw Expected($"{quote}"));
        }

        _at++;
        return name.ToString();
    }

    private int Index()
    {
        var start = _at;
        while (Peek is '-' or (>= '0' and <= '9'))
        {
            _at++;
        }

        if (int.TryParse(text.AsSpan()[start.._at], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index))
        {
            return index;
        }

        _at = start;
        throw Expected("an index, a name in quotes, '*' or '?'");
    }

    private void Blanks()
    {
        while (Peek == ' ')
        {
            _at++;
        }
    }

    private bool TryTake(string token)
    {
        var isThere = text.AsSpan(_at).StartsWith(token, StringComparison.Ordinal);
        _at += isThere ? token.Length : 0;
        return isThere;
    }

    private void Take(char token)
    {
        if (Peek != token)
        {
            throw Expected($"'{token}'");
        }

        _at++;
    }

    private FormatException Expected(string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"the path {text} is wrong at character {_at + 1}: expected {what}"));
}
