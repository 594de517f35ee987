// A day's bill as the provider writes it, and archives that Python's zipfile packs.
#pragma once

#include "command.hpp"
#include "payment_alipay/bill.hpp"
#include "payment_alipay/zip.hpp"

#include <string>
#include <utility>
#include <vector>

namespace alipay_test {

/// One payment of 200.00 and one refund of 50.00.
inline std::string billTable()
{
    const std::string trade = "2026112122001400000000000001\t,1400000120261121104000000001\t,";
    const std::string middle = ",,\t,\t,\t,\t,vis***@example.com\t,";
    const std::string rest = ",0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,";
    return "#支付宝业务明细查询\n#账号：[20880000000000010156]\n"
           "#起始日期：[2026年11月21日 00:00:00]   终止日期：[2026年11月22日 00:00:00]\n"
           "#-----------------业务明细列表----------------\n"
           "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,"
           "终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,"
           "支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,"
           "卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注\n" +
           trade + "交易\t,Badge fee 胸牌\t,2026-11-21 10:40:00,2026-11-21 10:41:00" +
           middle.substr(1) + "200.00,200.00" + rest + "\t,-1.20,0.00,\n" + trade +
           "退款\t,Badge fee 胸牌\t,2026-11-21 10:40:00,2026-11-21 12:00:00" + middle.substr(1) +
           "-50.00,-50.00" + rest + "1400000120261121120000000001\t,0.30,0.00,\n" +
           "#-----------------业务明细列表结束------------\n"
           "#交易合计：1笔，商家实收共200.00元，商家优惠共0.00元\n"
           "#退款合计：1笔，商家实收退款共-50.00元，商家优惠退款共0.00元\n"
           "#导出时间：[2026年11月22日 05:46:49]\n";
}

/// A ZIP archive whose names and contents are GBK, the names without the flag for UTF-8.
inline std::string packed(const std::vector<std::pair<std::string, std::string>>& members,
                          bool is_packed = true)
{
    const Scratch scratch;
    std::string program{"import zipfile\n"
                        "class Raw(zipfile.ZipInfo):\n"
                        "    def _encodeFilenameFlags(self):\n"
                        "        return self.filename.encode('gbk'), self.flag_bits & ~0x800\n"
                        "archive = zipfile.ZipFile('a.zip', 'w')\n"};
    for (std::size_t i = 0; i < members.size(); ++i) {
        const std::string file = "m" + std::to_string(i);
        scratch.write(file, members[i].second);
        program += "info = Raw('" + members[i].first + "')\ninfo.compress_type = zipfile." +
                   (is_packed ? "ZIP_DEFLATED" : "ZIP_STORED") + "\narchive.writestr(info, open('" +
                   file + "', 'rb').read().decode('utf-8').encode('gbk'))\n";
    }
    scratch.write("pack.py", program + "archive.close()\n");
    scratch.run("python3 -X utf8 pack.py");
    return scratch.read("a.zip");
}

} // namespace alipay_test
