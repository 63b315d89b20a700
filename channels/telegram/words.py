"""What the Telegram channel itself says to a person; everything else is said by the core."""

from __future__ import annotations

CHOSEN = "已选：{label}"
GOES_ON = "（接上条，请选择）"
LARGE = "「{name}」有 {megabytes:g} MB，超过 {most:g} MB，在 Telegram 里收不了，请压缩或分成几个再发，或到网页版上传。"
LARGE_UNKNOWN = "「{name}」太大，在 Telegram 里收不了（最多 {most:g} MB），请压缩或分成几个再发，或到网页版上传。"
NOT_WHOLE = "「{name}」没有收全，系统没有保存，请重新发送。"
FILE_GONE = "要发送的文件找不到了"
FILE_LARGE = "文件超过 Telegram 的发送上限 {most} MB，请到网页版下载"
NO_CHAT = "没有这个聊天"
TOKEN_REFUSED = "Telegram 不认机器人的令牌，请检查 KAOPING_TELEGRAM_TOKEN"  # noqa: S105 - a sentence about a token
STOPPED = "Telegram 通道已停"
NOT_READABLE = "看不懂的更新：{what}"

FILE, PHOTO, VIDEO, AUDIO, MOVING = "文件", "图片", "视频", "音频", "动图"
STICKER, VOICE, PLACE, CONTACT, POLL, DICE = "表情", "语音", "位置", "名片", "投票", "骰子"
GAME, STORY, PAID, LIST, UNKNOWN = "游戏", "动态", "付费内容", "任务清单", "这类消息"
