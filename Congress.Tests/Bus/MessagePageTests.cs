using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Congress.Bus;
using Congress.Data;

namespace Congress.Tests.Bus;

public sealed class MessagePageTests
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("")]
    [InlineData("plain ASCII, <with> & some 'marks' + more")]
    [InlineData("\"quoted\" \\ \t\r\n\u0001\u007f")]
    [InlineData("äöü ñ ß")]
    [InlineData("漢字かな")]
    [InlineData("𝄞😀")]
    [InlineData("\u2028\ufeff\ud7ff")]
    public void A_text_becomes_no_longer_than_is_counted(string text)
    {
        var json = JsonSerializer.Serialize(text, Readable);
        Assert.InRange(Encoding.UTF8.GetByteCount(json), 0, MessagePage.LengthOf(text));
    }

    [Fact]
    public void One_item_is_in_it_however_large_it_is()
    {
        Row[] rows = [new(new string('漢', 2_000_000)), new("small")];
        Assert.Single(MessagePage.Of(rows, MessagePage.LengthOf));
        Assert.Equal(2, MessagePage.Of(rows.Reverse().ToArray()[..1].Append(new("small too")), MessagePage.LengthOf).Count);
        Assert.Empty(MessagePage.Of(Array.Empty<Row>(), MessagePage.LengthOf));
    }
}
